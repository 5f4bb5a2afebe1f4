#include "ui/forms/field_text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>
#include <cmath>

#include "ui/text/message_text.h"
#include "ui/text/number_words.h"
#include "ui/text/terms.h"

namespace lab {
namespace {

constexpr QChar thinSpace(0x202F);
constexpr QChar minusSign(0x2212);

struct Words {
    Q_DECLARE_TR_FUNCTIONS(FieldText)
};

/// Groups the digits before the point of a number as it stands, whatever its decimals.
QString withGroups(QString number) {
    qsizetype end = number.indexOf(QLatin1Char('.'));
    if (end < 0) end = number.size();
    const qsizetype begin = number.startsWith(QLatin1Char('-')) ? 1 : 0;
    for (qsizetype i = end - 3; i > begin; i -= 3) number.insert(i, thinSpace);
    return number.replace(QLatin1Char('-'), minusSign);
}

QString shownReal(double value) {
    const double size = std::abs(value);
    if (size != 0 && (size < 0.01 || size >= 1e7)) {
        QString text = QString::number(value, 'e', QLocale::FloatingPointShortest);
        const qsizetype e = text.indexOf(QLatin1Char('e'));
        text = text.left(e + 1) + QString::number(text.mid(e + 1).toInt());
        return withShownPoint(text.replace(QLatin1Char('-'), minusSign));
    }
    return withShownPoint(withGroups(QString::number(value, 'f', QLocale::FloatingPointShortest)));
}

bool isNumber(const FieldInfo& field) {
    return field.kind == FieldKind::integer || field.kind == FieldKind::real;
}

QString shownOr(const FieldInfo& field, const FieldValue& value, const QString& nothing) {
    const QString text = shownText(field, value);
    return text.isEmpty() ? nothing : text;
}

}  // namespace

QString shownText(const FieldInfo& field, const FieldValue& value) {
    if (const auto* real = std::get_if<double>(&value)) return shownReal(*real);
    const QString text = QString::fromStdString(fieldText(value));
    if (std::holds_alternative<std::vector<double>>(value)) return withShownList(text);
    const bool seed = field.path.ends_with("seed");
    return std::holds_alternative<std::int64_t>(value) && !seed ? withGroups(text) : text;
}

std::string readText(const FieldInfo& field, const QString& typed) {
    QString text = typed.trimmed();
    if (field.kind == FieldKind::text) return text.toStdString();
    if (isNumber(field)) return plainNumber(text).toStdString();
    if (field.kind == FieldKind::list) return plainNumbers(text).toStdString();
    text.replace(minusSign, QLatin1Char('-'));
    return text.toStdString();
}

QString fieldToolTip(const FieldInfo& field, const FieldValue& value, const FieldValue& presetValue) {
    QStringList facts;
    if (isNumber(field) || field.kind == FieldKind::list) {
        const QString limits = shown(field.limits.text());
        if (!limits.isEmpty()) facts << Words::tr("Allowed: %1.").arg(limits);
    }
    const QString nothing = field.presence == Presence::required ? Words::tr("none, must be given") : Words::tr("worked out");
    const bool mayBeEmpty = field.kind == FieldKind::text || field.kind == FieldKind::names;
    facts << Words::tr("Default: %1.").arg(shownOr(field, field.defaultValue, mayBeEmpty ? Words::tr("empty") : nothing));
    if (presetValue != field.defaultValue) facts << Words::tr("Preset: %1.").arg(shownOr(field, presetValue, Words::tr("none")));
    const QString help = QStringLiteral("<p><b>%1</b></p><p>%2</p><p>%3</p>")
                             .arg(QString::fromStdString(field.path).toHtmlEscaped(), shown(field.help).toHtmlEscaped(),
                                  facts.join(QLatin1Char(' ')).toHtmlEscaped());
    const QString term = termHelp(shownText(field, value));
    return term.isEmpty() ? help : help + QStringLiteral("<p>%1</p>").arg(term.toHtmlEscaped());
}

}  // namespace lab
