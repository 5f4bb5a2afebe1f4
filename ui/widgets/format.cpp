#include "ui/widgets/format.h"

#include <algorithm>
#include <cmath>

#include "ui/text/number_words.h"

namespace lab {
namespace {

constexpr QChar minus(0x2212);
constexpr QChar thinSpace(0x202F);
constexpr double leastScientific = 1e5;

QString withTrueMinus(QString text) {
    return text.replace(QLatin1Char('-'), minus);
}

QString grouped(QString digits) {
    for (qsizetype at = digits.size() - 3; at > 0; at -= 3) digits.insert(at, thinSpace);
    return digits;
}

bool isZero(const QString& number) {
    return std::none_of(number.begin(), number.end(), [](QChar c) { return c >= QLatin1Char('1') && c <= QLatin1Char('9'); });
}

}  // namespace

QString grouped(std::int64_t value) {
    const QString digits = QString::number(value);
    return value < 0 ? minus + grouped(digits.mid(1)) : grouped(digits);
}

QString fixed(double value, int decimals) {
    if (std::isnan(value)) return QStringLiteral("not a number");
    if (std::isinf(value)) return value > 0 ? QStringLiteral("\u221E") : minus + QStringLiteral("\u221E");
    if (decimals > 0 && std::abs(value) >= leastScientific) return scientific(value, 2);
    const QString number = QString::number(std::abs(value), 'f', decimals);
    const qsizetype point = number.indexOf(QLatin1Char('.'));
    const QString text =
        grouped(number.left(point < 0 ? number.size() : point)) + (point < 0 ? QString() : withShownPoint(number.mid(point)));
    return value < 0 && !isZero(number) ? minus + text : text;
}

QString signedFixed(double value, int decimals) {
    const QString text = fixed(value, decimals);
    return std::isnan(value) || text.startsWith(minus) ? text : QLatin1Char('+') + text;
}

QString percent(double fraction, int decimals) {
    return fixed(100.0 * fraction, decimals) + QStringLiteral("\u00A0%");
}

QString cellNumber(double value, int decimals) {
    const QString text = fixed(value, decimals);
    const QString zero = QLatin1Char('0') + QString(decimalPoint());
    if (text.startsWith(zero)) return text.mid(1);
    if (text.startsWith(minus + zero)) return minus + text.mid(2);
    // As wide as its neighbours: the integer digit takes the place of a decimal.
    return decimals > 0 ? fixed(value, decimals - 1) : text;
}

QString compact(double value) {
    if (!std::isfinite(value)) return fixed(value, 0);
    constexpr const char* units[] = {"", "k", "M", "G", "T"};
    double scaled = std::abs(value);
    std::size_t unit = 0;
    while (scaled >= 999.5 && unit + 1 < std::size(units)) {
        scaled /= 1000.0;
        ++unit;
    }
    const int decimals = unit == 0 || scaled >= 99.95 ? 0 : scaled >= 9.995 ? 1 : 2;
    const QString number = fixed(value < 0 ? -scaled : scaled, decimals);
    return unit == 0 ? number : number + QStringLiteral("\u00A0") + QLatin1String(units[unit]);
}

QString scientific(double value, int decimals) {
    if (!std::isfinite(value)) return fixed(value, decimals);
    QString text = QString::number(value, 'e', decimals);
    const qsizetype e = text.indexOf(QLatin1Char('e'));
    const int exponent = text.mid(e + 1).toInt();
    return withTrueMinus(withShownPoint(text.left(e + 1)) + QString::number(exponent));
}

QString significant(double value, int digits) {
    if (value == 0.0 || !std::isfinite(value)) return fixed(value, 0);
    const int exponent = static_cast<int>(std::floor(std::log10(std::abs(value))));
    if (exponent < -3 || exponent > 6) return scientific(value, digits - 1);
    return fixed(value, std::max(0, digits - 1 - exponent));
}

QString brief(double value, int digits) {
    if (!std::isfinite(value)) return fixed(value, 0);
    return withTrueMinus(withShownPoint(QString::number(value, 'g', digits)));
}

QString duration(double seconds) {
    const std::int64_t whole = static_cast<std::int64_t>(std::llround(std::max(0.0, seconds)));
    const auto two = [](std::int64_t n) { return QString::number(n).rightJustified(2, QLatin1Char('0')); };
    const std::int64_t hours = whole / 3600;
    const QString tail = two(whole % 60);
    if (hours == 0) return QString::number(whole / 60) + QLatin1Char(':') + tail;
    return QString::number(hours) + QLatin1Char(':') + two(whole / 60 % 60) + QLatin1Char(':') + tail;
}

}  // namespace lab
