#pragma once

#include <QString>

namespace lab {

/// As a person writes it: no power of ten, no zeros at its end, what a calculation leaves of 0 is 0. So many significant digits, and not
/// fewer decimals than those.
QString writtenPlainly(double value, int digits, int decimals = 0);

}  // namespace lab
