#pragma once

#include <string>

namespace lab {

/// attention-lab --man: a page for man(1) in roff's macros (man(7)), of the same tables as --help.
std::string manualPage();

}  // namespace lab
