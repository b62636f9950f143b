@rem Finds a Java and its flags and runs the command that BCQ_MAIN names: the twin of launcher.sh.
@rem
@rem Not tested: written without a Windows at hand. Other than launcher.sh it builds only what is missing, not what is
@rem older than its sources, there is no start-up cache, and neither progress is shown nor Java's warning about its
@rem incubator module held back.
@rem
@rem bcq-translate.cmd and the others set BCQ_COMMAND, BCQ_MAIN, BCQ_MODULE (folder), BCQ_JAR, BCQ_LOWEST (Java) and
@rem BCQ_VECTORS.
@echo off
set "bcq_version=0.1.0"
for %%R in ("%~dp0..") do set "bcq_root=%%~fR"

set "bcq_java_home="
set "bcq_java_feature=0"
set "bcq_java_found="
call :consider "%JAVA_HOME%"
for %%J in (java.exe) do if not "%%~$PATH:J"=="" call :consider "%%~dp$PATH:J.."
for /d %%D in ("%ProgramFiles%\Java\*" "%ProgramFiles%\Eclipse Adoptium\*" "%ProgramFiles%\Microsoft\jdk*") do call :consider "%%~fD"
for /d %%D in ("%ProgramFiles%\Amazon Corretto\*" "%ProgramFiles%\Zulu\*" "%USERPROFILE%\.jdks\*") do call :consider "%%~fD"

if not exist "%bcq_root%\pom.xml" goto built
if not exist "%bcq_root%\runtime\cli\target\bcq-cli-%bcq_version%.jar" goto build
if not exist "%bcq_root%\converter\target\bcq-converter-%bcq_version%.jar" goto build
if not exist "%bcq_root%\%BCQ_MODULE%\target\%BCQ_JAR%-%bcq_version%.jar" goto build
goto built

:build
where /q mvn
if errorlevel 1 (
  echo the commands are not built yet, and Maven, which builds them, is not installed 1>&2
  exit /b 1
)
if %bcq_java_feature% lss 25 (
  set "BCQ_LOWEST=25"
  set "bcq_needing=building the commands needs"
  goto no_java
)
echo bcq: building the commands, once; half a minute, and more where Maven has to download ... 1>&2
rem What bcq-bench is measured against is downloaded only when it is used.
set "bcq_modules=runtime/cli,converter"
if "%BCQ_MODULE%"=="benchmarks" set "bcq_modules=%bcq_modules%,benchmarks"
if not exist "%bcq_root%\target" mkdir "%bcq_root%\target"
pushd "%bcq_root%"
call mvn -q -B -Dstyle.color=never -Pcommands -pl %bcq_modules% -am package > target\commands-build.log 2>&1
set "bcq_code=%errorlevel%"
popd
if not "%bcq_code%"=="0" (
  type "%bcq_root%\target\commands-build.log" 1>&2
  echo bcq: the build failed; its messages are above 1>&2
  exit /b 1
)

:built
set "bcq_needing=%BCQ_COMMAND% needs"
if not defined bcq_java_home goto no_java
set "bcq_flags=-XX:+UseSerialGC -Xms8m -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=30 -XX:-ShrinkHeapInSteps -XX:-UsePerfData -Djava.awt.headless=true"
if %bcq_java_feature% geq 22 set "bcq_flags=%bcq_flags% --enable-native-access=ALL-UNNAMED -Djdk.reflect.useNativeAccessorOnly=true"
if %bcq_java_feature% geq 24 set "bcq_flags=%bcq_flags% --sun-misc-unsafe-memory-access=allow"
if %bcq_java_feature% lss 25 set "BCQ_VECTORS=no"

rem cmd takes the equals sign for a space: --kernels=scalar is two arguments here.
:next_argument
if [%1]==[] goto run
if "%~1"=="-h" set "BCQ_VECTORS=no"
if "%~1"=="--help" set "BCQ_VECTORS=no"
if "%~1"=="-V" set "BCQ_VECTORS=no"
if "%~1"=="--version" set "BCQ_VECTORS=no"
if "%~1"=="--kernels" if "%~2"=="scalar" set "BCQ_VECTORS=no"
shift /1
goto next_argument

:run
if "%BCQ_VECTORS%"=="yes" set "bcq_flags=%bcq_flags% --add-modules jdk.incubator.vector"
set "bcq_target=%bcq_root%\%BCQ_MODULE%\target"
rem The commands read and write UTF-8; the console gets its own code page back afterwards.
set "bcq_code_page="
for /f "tokens=2 delims=:." %%C in ('chcp') do set "bcq_code_page=%%C"
chcp 65001 > nul 2>&1
"%bcq_java_home%\bin\java.exe" %bcq_flags% "-Dbcq.bin=%bcq_root%\bin" "-Dbcq.model=%bcq_root%\models\en-de.bcq" -cp "%bcq_target%\%BCQ_JAR%-%bcq_version%.jar;%bcq_target%\lib\*" %BCQ_MAIN% %*
set "bcq_code=%errorlevel%"
if defined bcq_code_page chcp %bcq_code_page% > nul 2>&1
exit /b %bcq_code%

:no_java
if not defined bcq_java_found set "bcq_java_found= nothing"
echo %bcq_needing% a JDK %BCQ_LOWEST% or newer and none was found; looked in JAVA_HOME, on the PATH, in Program Files and .jdks; found:%bcq_java_found% 1>&2
exit /b 1

rem Takes the JDK in a folder unless one of version 25 or newer, or a newer one than it, is taken already.
:consider
if "%~1"=="" exit /b 0
if %bcq_java_feature% geq 25 exit /b 0
if not exist "%~1\bin\java.exe" exit /b 0
if not exist "%~1\release" exit /b 0
set "bcq_here="
for /f "usebackq tokens=1,2 delims==" %%A in ("%~1\release") do if "%%A"=="JAVA_VERSION" for /f "tokens=1 delims=.+-" %%F in ("%%~B") do set "bcq_here=%%F"
if not defined bcq_here exit /b 0
set "bcq_java_found=%bcq_java_found% %bcq_here% in %~1,"
if %bcq_here% lss %BCQ_LOWEST% exit /b 0
if %bcq_here% leq %bcq_java_feature% exit /b 0
set "bcq_java_home=%~1"
set "bcq_java_feature=%bcq_here%"
exit /b 0
