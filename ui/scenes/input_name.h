#pragma once

#include <QString>

namespace lab {

class Focus;
struct Input;

/// Numbers set by hand stand in the place of the model's.
bool hasOwnNumbers(const Input& input);
/// Where the input in focus comes from: "validation sample 3", "own input".
QString inputName(const Focus& focus);

}  // namespace lab
