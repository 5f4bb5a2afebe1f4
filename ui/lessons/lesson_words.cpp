#include "ui/lessons/lesson_words.h"

#include <QRegularExpression>
#include <QStringList>

#include "ui/widgets/formula_text.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

/// Paragraphs, and items of lists, each in one line.
QStringList blocksOf(const std::string& markdown) {
    QStringList blocks;
    bool open = false;
    for (const QString& raw : QString::fromStdString(markdown).split(QLatin1Char('\n'))) {
        const QString line = raw.trimmed();
        const bool item = line.startsWith(QLatin1String("- "));
        if (line.isEmpty() || item) open = false;
        if (line.isEmpty()) continue;
        if (open)
            blocks.back() += QLatin1Char(' ') + line;
        else
            blocks << line;
        open = true;
    }
    return blocks;
}

QString marked(QString html) {
    static const QRegularExpression bold(QStringLiteral("\\*\\*(.+?)\\*\\*")), emphasis(QStringLiteral("\\*(.+?)\\*")),
        code(QStringLiteral("`(.+?)`"));
    html.replace(bold, QStringLiteral("<b>\\1</b>"));
    html.replace(emphasis, QStringLiteral("<i>\\1</i>"));
    return html.replace(code, QStringLiteral("<code>\\1</code>"));
}

}  // namespace

QString lessonHtml(const QFont& font, const std::string& markdown) {
    QString html;
    for (const QString& block : blocksOf(markdown)) {
        const bool item = block.startsWith(QLatin1String("- "));
        const QString text = marked(formulaHtml(font, item ? block.mid(2) : block));
        if (!html.isEmpty()) html += item ? QStringLiteral("<br>") : QStringLiteral("<br><br>");
        html += item ? QStringLiteral("\u2022 ") + text : text;
    }
    return html;
}

QString lessonFormula(const std::string& markdown) {
    return blocksOf(markdown).join(QLatin1Char('\n')).remove(QStringLiteral("**")).remove(QLatin1Char('`'));
}

QString lessonPlain(const std::string& markdown) {
    return plainFormula(lessonFormula(markdown));
}

ThemedLabel* lessonParagraph(TextSize size, Role role, bool bold) {
    auto* label = new ThemedLabel({}, size, role, bold);
    label->setWordWrap(true);
    label->setTextFormat(Qt::RichText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setFocusPolicy(Qt::NoFocus);
    return label;
}

}  // namespace lab
