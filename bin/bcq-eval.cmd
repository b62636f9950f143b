@rem Not tested: written without a Windows at hand.
@echo off
setlocal
set "BCQ_COMMAND=%~n0"
set "BCQ_MAIN=dev.bcq.cli.EvalCommand"
set "BCQ_MODULE=runtime\cli"
set "BCQ_JAR=bcq-cli"
set "BCQ_LOWEST=17"
set "BCQ_VECTORS=yes"
rem Without "call", which would expand percent signs of the arguments once more.
"%~dp0launcher.cmd" %*
