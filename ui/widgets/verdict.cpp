#include "ui/widgets/verdict.h"

#include "ui/widgets/format.h"

namespace lab {
namespace {

constexpr QChar tick(0x2713), cross(0x00D7);

}  // namespace

QString verdictText(bool right, const QString& found) {
    return (right ? tick : cross) + QStringLiteral(" ") + found;
}

QString differenceText(double difference) {
    return difference == 0.0 ? QStringLiteral("0") : scientific(difference, 0);
}

Role verdictRole(const QString& text) {
    return text.startsWith(tick) ? Role::right : text.startsWith(cross) ? Role::wrong : Role::text;
}

}  // namespace lab
