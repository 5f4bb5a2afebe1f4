#include "ui/text/number_words.h"

#include <QRegularExpression>

#include "core/base/number_text.h"

namespace lab {
namespace {

constexpr QChar comma = u',', point = u'.';

/// A decimal that is no part of a path, a key, a version or a file's name. Between its digits stands a point.
const QRegularExpression& decimal() {
    static const QRegularExpression found(QStringLiteral(R"((?<![\w./\\:=@`#-])(-?\d+)\.(\d+(?:[eE][-+\x{2212}]?\d+)?)(?![\w/\\@`]|\.\w))"),
                                          QRegularExpression::UseUnicodePropertiesOption);
    return found;
}

/// Numbers with what may stand around them, or a piece of mathematics: not a name.
bool isOfNumbers(const QString& text) {
    static const QRegularExpression letters(QStringLiteral(R"([^\W\d_])"), QRegularExpression::UseUnicodePropertiesOption),
        exponent(QStringLiteral(R"((?<=\d)[eE](?=[-+\x{2212}]?\d))")), call(QStringLiteral(R"(\b[a-z]+\([-\x{2212}]?\d[^()]*\))")),
        mathematics(QStringLiteral(R"([\x{00B7}\x{00D7}\x{221A}\x{2211}\x{03A3}\x{2192}\x{2248}\x{2264}\x{2265}^]| [=+] )"));
    QString rest = text;
    return !rest.remove(exponent).contains(letters) || text.contains(mathematics) || text.contains(call);
}

QString partedBySemicolons(QString text) {
    static const QRegularExpression between(QStringLiteral(R"((?<=[\d)\]\x{2026}]), (?=[-+\x{2212}(\[\x{2026}]?\d|\x{2026}))"));
    return text.replace(between, QStringLiteral("; "));
}

}  // namespace

QString withShownPoint(QString number) {
    return number.replace(point, decimalPoint());
}

QString withShownNumbers(const QString& text) {
    if (decimalPoint() == point || !text.contains(point) || !isOfNumbers(text)) return text;
    QString result = text;
    result.replace(decimal(), QStringLiteral("\\1") + decimalPoint() + QStringLiteral("\\2"));
    return result == text ? text : partedBySemicolons(result);
}

std::string withShownNumbers(const std::string& text) {
    return withShownNumbers(QString::fromStdString(text)).toStdString();
}

QString plainNumber(const QString& typed) {
    QString text = typed;
    text.removeIf([](QChar c) { return c.isSpace(); });
    text.replace(QChar(0x2212), u'-');
    if (text.count(comma) == 1 && !text.contains(point)) text.replace(comma, point);
    return text;
}

QString plainNumbers(const QString& typed) {
    static const QRegularExpression semicolon(QStringLiteral(R"(\s*;\s*)")), blank(QStringLiteral(R"(,?\s+)"));
    QString text = typed.trimmed();
    text.replace(QChar(0x2212), u'-');
    const bool bySemicolon = text.contains(u';');
    if (!bySemicolon && decimalPoint() == point) return text;
    QStringList numbers = text.split(bySemicolon ? semicolon : blank, Qt::SkipEmptyParts);
    for (QString& number : numbers)
        if (number.count(comma) == 1 && !number.contains(point)) number.replace(comma, point);
    return numbers.join(QStringLiteral(", "));
}

QString plainVectors(const QString& typed) {
    static const QRegularExpression decimalComma(QStringLiteral(R"((?<![\d.,])(\d+),(\d+)(?![\d.,]))"));
    QString text = typed;
    return decimalPoint() == point ? text : text.replace(decimalComma, QStringLiteral("\\1.\\2"));
}

std::optional<double> typedNumber(const QString& typed) {
    return parseReal(plainNumber(typed).toStdString());
}

QString withShownList(const QString& plain) {
    return withShownNumbers(plain);
}

}  // namespace lab
