/* Stands for Android's libc when the library is linked, which finds the real one when it is loaded. */
void memcpy(void) {}
void memset(void) {}
void getauxval(void) {}
