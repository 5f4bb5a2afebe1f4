#include "ui/pages/codes/power_text.h"

#include <QRegularExpression>
#include <QStringList>

#include "core/goedel/natural.h"
#include "ui/text/message_text.h"

namespace lab {
namespace {

constexpr qsizetype mostFactors = 3;
constexpr std::size_t mostCellDigits = 21, cellEdge = 6;

}  // namespace

QString powerText(const std::string& product) {
    static const QRegularExpression power(QStringLiteral("\\^(\\d+)"));
    const QString dot = QStringLiteral(" \u00B7 ");
    QStringList factors = qt(product).split(dot);
    if (factors.size() > mostFactors) factors = factors.mid(0, mostFactors) << QStringLiteral("\u2026");
    return factors.join(dot).replace(power, QStringLiteral("^{\\1}"));
}

QString cellDigits(const std::string& decimal) {
    return qt(goedel::groupedDigits(decimal, mostCellDigits, cellEdge));
}

}  // namespace lab
