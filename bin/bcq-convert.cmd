@rem Not tested: written without a Windows at hand.
@echo off
setlocal
set "BCQ_COMMAND=%~n0"
set "BCQ_MAIN=dev.bcq.converter.ConvertCommand"
set "BCQ_MODULE=converter"
set "BCQ_JAR=bcq-converter"
set "BCQ_LOWEST=25"
set "BCQ_VECTORS=no"
rem Without "call", which would expand percent signs of the arguments once more.
"%~dp0launcher.cmd" %*
