#include "ui/text/message_text.h"

#include <QCoreApplication>
#include <algorithm>
#include <limits>

#include "ui/text/number_words.h"

namespace lab {

/// Qt gives the source text itself back when no translator knows it; its "(s)" would stay.
std::string translated(const SourceText& source, std::optional<std::int64_t> count) {
    const int n = count ? static_cast<int>(std::clamp<std::int64_t>(*count, 0, std::numeric_limits<int>::max())) : -1;
    const QString text = QCoreApplication::translate(source.context, source.text, nullptr, n);
    QString untranslated = QString::fromUtf8(source.text);
    if (count) untranslated.replace(QStringLiteral("%n"), QString::number(n));
    return text == untranslated ? englishText(source, count) : text.toStdString();
}

QString shown(const Message& message) {
    return QString::fromStdString(message.in(translated, qOverload<const std::string&>(withShownNumbers)));
}

QString counted(const SourceText& text, std::int64_t n, const QStringList& arguments) {
    Message message(text);
    message.count(n);
    for (const QString& argument : arguments) message.arg(argument.toStdString());
    return shown(message);
}

QString sentences(const QStringList& parts) {
    QStringList said = parts;
    said.removeAll(QString());
    return said.join(QLatin1Char(' '));
}

QString shown(const InputError& error) {
    return shown(error.message());
}

}  // namespace lab
