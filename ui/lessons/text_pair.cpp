#include "ui/lessons/text_pair.h"

#include <QGridLayout>
#include <QPlainTextEdit>
#include <vector>

#include "ui/lessons/lesson_words.h"
#include "ui/text/message_text.h"
#include "ui/widgets/named.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

QString nameOfLanguage(const std::string& language) {
    return language == "de" ? QStringLiteral("Deutsch") : QStringLiteral("English");
}

}  // namespace

const std::vector<std::string>& TextPair::languages() {
    static const std::vector<std::string> both = {"en", "de"};
    return both;
}

TextPair::TextPair(const QString& name, const QString& title, int lines, QWidget* parent) : QWidget(parent) {
    auto* grid = new QGridLayout(this);
    grid->addWidget(new ThemedLabel(title, TextSize::caption, Role::muted), 0, 0, 1, 2);
    int column = 0;
    for (const std::string& language : languages()) {
        auto* text = named(name + QLatin1Char('.') + qt(language), new QPlainTextEdit);
        text->setPlaceholderText(nameOfLanguage(language));
        text->setAccessibleName(QStringLiteral("%1, %2").arg(title, nameOfLanguage(language)));
        text->setTabChangesFocus(true);
        followTheme(text, [text, lines] { text->setFixedHeight(text->fontMetrics().lineSpacing() * lines + Theme::instance().px(14)); });
        const Side side{text, lessonParagraph(TextSize::axis, Role::muted)};
        grid->addWidget(side.text, 1, column);
        grid->addWidget(side.preview, 2, column, Qt::AlignTop);
        grid->setColumnStretch(column++, 1);
        m_sides.emplace(language, side);
        connect(text, &QPlainTextEdit::textChanged, this, [this, side, language] {
            preview(side);
            emit edited(language, side.text->toPlainText().toStdString());
        });
        preview(side);
    }
    keepSpacing(grid, {}, 4);
}

void TextPair::preview(const Side& side) {
    const std::string markdown = side.text->toPlainText().toStdString();
    side.preview->setText(lessonHtml(side.preview->font(), markdown));
    side.preview->setVisible(lessonPlain(markdown).toStdString() != markdown);  // else it is what stands above
}

void TextPair::setText(const std::string& language, const std::string& markdown) {
    const QSignalBlocker quiet(this);
    m_sides.at(language).text->setPlainText(qt(markdown));
}

}  // namespace lab
