#include "ui/widgets/spoken_help.h"

#include <QRegularExpression>
#include <QWidget>
#include <utility>

namespace lab {

QString plainHelp(const QString& html) {
    static const QRegularExpression ends(QStringLiteral("</p>|<br\\s*/?>|</div>|</tr>")), tag(QStringLiteral("</?[A-Za-z][^>]*>"));
    static constexpr std::pair<const char*, const char*> entities[] = {
        {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&nbsp;", " "}, {"&amp;", "&"}};
    if (!html.contains(QLatin1Char('<'))) return html;
    QString plain = html;
    plain.replace(ends, QStringLiteral("\n")).remove(tag);
    for (const auto& [entity, letter] : entities) plain.replace(QLatin1String(entity), QLatin1String(letter));
    return plain.trimmed();
}

void setHelp(QWidget& part, const QString& html, const QString& first) {
    part.setToolTip(first.isEmpty() ? html : QStringLiteral("<p><b>%1</b></p>").arg(first.toHtmlEscaped()) + html);
    const QString plain = plainHelp(html);
    part.setAccessibleDescription(first.isEmpty() ? plain : first + QLatin1Char('\n') + plain);
}

}  // namespace lab
