#include "ui/scenes/two_sides.h"

#include <QCoreApplication>

namespace lab {
namespace {

struct BothSidesWords {
    Q_DECLARE_TR_FUNCTIONS(BothSides)
};

}  // namespace

QString bothSides(const QString& input, const QString& targetInput) {
    return targetInput.isEmpty() ? input : BothSidesWords::tr("%1; target input: %2").arg(input, targetInput);
}

}  // namespace lab
