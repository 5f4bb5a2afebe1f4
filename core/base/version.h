#pragma once

namespace lab {

/// "1.0.0": what the project says in CMakeLists.txt. Here alone, so that another version compiles one file.
const char* programVersion();

}  // namespace lab
