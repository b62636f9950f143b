@rem Not tested: written without a Windows at hand.
@echo off
setlocal
set "BCQ_COMMAND=%~n0"
set "BCQ_MAIN=dev.bcq.benchmarks.BenchCommand"
set "BCQ_MODULE=benchmarks"
set "BCQ_JAR=bcq-benchmarks"
set "BCQ_LOWEST=25"
set "BCQ_VECTORS=yes"
rem Without "call", which would expand percent signs of the arguments once more.
"%~dp0launcher.cmd" %*
