plugins {
    alias(libs.plugins.android.application)
}

android {
    namespace = "dev.bcq.demo"
    compileSdk = 34

    defaultConfig {
        applicationId = "dev.bcq.demo"
        minSdk = 26
        targetSdk = 34
        versionCode = 1
        versionName = "0.1.0"
    }

    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }

    buildTypes {
        release {
            isMinifyEnabled = true
            isShrinkResources = true
            proguardFiles(getDefaultProguardFile("proguard-android-optimize.txt"))
        }
    }

    // The model is mapped where it lies in the package.
    androidResources {
        noCompress += "bcq"
    }
    sourceSets["main"].assets.srcDir("../../models")

    testOptions {
        unitTests {
            isIncludeAndroidResources = true
            all {
                it.jvmArgs("--add-opens", "java.base/java.io=ALL-UNNAMED", "--add-opens", "java.base/java.lang=ALL-UNNAMED")
                it.systemProperty("bcq.root", rootDir.parent)
                it.systemProperty("bcq.default.model", "${rootDir.parent}/models/en-de.bcq")
            }
        }
    }
}

dependencies {
    // Made by: mvn package -pl runtime/android -am
    implementation(files("../../runtime/android/target/bcq-android-0.1.0.aar"))
    implementation(libs.flatbuffers)
    compileOnly(libs.jspecify)
    testImplementation(libs.junit)
    testImplementation(libs.robolectric)
    testCompileOnly(libs.jspecify)
}
