// Lends its precompiled headers to the tests of the window.
int main() { return 0; }
