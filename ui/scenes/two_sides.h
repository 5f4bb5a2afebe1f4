#pragma once

#include <QString>

namespace lab {

/// What is read, and where there is one the decoder's side behind it: "3 1 4; target input: BOS 4 1".
QString bothSides(const QString& input, const QString& targetInput);

}  // namespace lab
