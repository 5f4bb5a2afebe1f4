#pragma once

#include <QString>

namespace lab {

/// What most of a circuit's numbers come from.
inline QString elhageSource() {
    return QStringLiteral("Elhage et al. 2021, A Mathematical Framework for Transformer Circuits");
}

}  // namespace lab
