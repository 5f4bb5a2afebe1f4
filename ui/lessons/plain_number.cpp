#include "ui/lessons/plain_number.h"

#include <algorithm>
#include <cmath>

#include "ui/text/language.h"
#include "ui/widgets/format.h"

namespace lab {
namespace {

constexpr double leastWritten = 1e-6, mostWithDecimals = 1e5;
constexpr int mostDecimals = 9;

}  // namespace

QString writtenPlainly(double value, int digits, int decimals) {
    if (std::abs(value) < leastWritten) return QStringLiteral("0");
    if (!(std::abs(value) < mostWithDecimals)) return fixed(value, 0);
    const int wanted = digits - 1 - static_cast<int>(std::floor(std::log10(std::abs(value))));
    QString text = fixed(value, std::clamp(wanted, decimals, mostDecimals));
    if (!text.contains(decimalPoint())) return text;
    while (text.endsWith(u'0')) text.chop(1);
    if (text.endsWith(decimalPoint())) text.chop(1);
    return text;
}

}  // namespace lab
