#include "ui/pages/explain/code_view.h"

#include <QApplication>
#include <QClipboard>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QRegularExpression>
#include <QScrollBar>
#include <QSyntaxHighlighter>
#include <QTextBlock>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/named.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

QStringList titles() {
    QStringList all;
    for (const explain::CodeLanguage& language : explain::codeLanguages()) all << qt(language.title);
    return all;
}

}  // namespace

/// Words of the language bold, texts and comments apart; a comment that tells a result stands out.
class CodeText::Colours : public QSyntaxHighlighter {
public:
    explicit Colours(QTextDocument* document) : QSyntaxHighlighter(document) {}

    void setComment(const QString& mark) { m_comment = mark; }

protected:
    void highlightBlock(const QString& line) override {
        static const QRegularExpression words(
            QStringLiteral("\\b(def|return|import|from|as|for|in|if|else|lambda|with|const|constexpr|auto|static_cast|int|double|float|"
                           "void|template)\\b"));
        static const QRegularExpression texts(QStringLiteral("\"[^\"]*\""));
        static const QRegularExpression result(QStringLiteral("^# \\S.* = "));
        const Theme& theme = Theme::instance();
        QTextCharFormat bold, text, comment;
        bold.setFontWeight(QFont::Bold);
        text.setForeground(theme.color(Role::right));
        comment.setForeground(theme.color(result.match(line).hasMatch() ? Role::accent : Role::muted));
        for (auto found = words.globalMatch(line); found.hasNext();) {
            const auto match = found.next();
            setFormat(static_cast<int>(match.capturedStart()), static_cast<int>(match.capturedLength()), bold);
        }
        for (auto found = texts.globalMatch(line); found.hasNext();) {
            const auto match = found.next();
            setFormat(static_cast<int>(match.capturedStart()), static_cast<int>(match.capturedLength()), text);
        }
        if (const qsizetype at = line.indexOf(m_comment); at >= 0)
            setFormat(static_cast<int>(at), static_cast<int>(line.size() - at), comment);
    }

private:
    QString m_comment = QStringLiteral("#");
};

CodeText::CodeText(QWidget* parent) : QPlainTextEdit(parent), m_colours(new Colours(document())) {
    setReadOnly(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setFrameShape(QFrame::NoFrame);
    setTabChangesFocus(true);
    setLineWrapMode(QPlainTextEdit::NoWrap);
    followTheme(this, &CodeText::applyMeasures);
}

void CodeText::setCode(const QString& code, const QString& comment, int lit) {
    m_lit = lit;
    if (code == toPlainText()) return light();
    m_colours->setComment(comment);
    // The same stage with other digits stays where it was scrolled to, and what was marked stays marked.
    const bool sameShape = code.count(QLatin1Char('\n')) == blockCount() - 1;
    const int down = sameShape ? verticalScrollBar()->value() : 0, right = sameShape ? horizontalScrollBar()->value() : 0;
    QTextCursor marked = textCursor();
    const int from = marked.anchor(), to = marked.position(), last = static_cast<int>(code.size());
    setPlainText(code);
    if (sameShape) {
        marked.setPosition(std::min(from, last));
        marked.setPosition(std::min(to, last), QTextCursor::KeepAnchor);
        setTextCursor(marked);
    }
    verticalScrollBar()->setValue(down);
    horizontalScrollBar()->setValue(right);
    light();
}

void CodeText::light() {
    QList<QTextEdit::ExtraSelection> selections;
    if (const QTextBlock block = document()->findBlockByNumber(m_lit); m_lit >= 0 && block.isValid()) {
        QTextEdit::ExtraSelection line;
        line.format.setBackground(Theme::instance().color(Role::selection));
        line.format.setProperty(QTextFormat::FullWidthSelection, true);
        line.cursor = QTextCursor(block);
        selections << line;
    }
    setExtraSelections(selections);
}

void CodeText::applyMeasures() {
    const Theme& theme = Theme::instance();
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setPixelSize(theme.px(static_cast<int>(TextSize::text)));
    setFont(font);
    document()->setDocumentMargin(theme.px(8));
    m_colours->rehighlight();
    light();
}

/// A text edit keeps most keys for itself, even where nothing is to be written: letters, Space and Page Down are the window's here.
bool CodeText::event(QEvent* event) {
    if (event->type() != QEvent::ShortcutOverride) return QPlainTextEdit::event(event);
    const auto* key = static_cast<QKeyEvent*>(event);
    event->setAccepted(key->matches(QKeySequence::Copy) || key->matches(QKeySequence::SelectAll));
    return true;
}

void CodeText::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy) && !textCursor().hasSelection()) return emit copyWanted();
    QPlainTextEdit::keyPressEvent(event);
}

CodeView::CodeView(QWidget* parent) : QWidget(parent) {
    m_language = named("explain.code.language", new SegmentedControl(titles(), tr("Language"), this));
    m_language->setHeight(20);
    m_about = new ThemedLabel({}, TextSize::caption, Role::muted);
    m_about->setWordWrap(true);
    m_copyStage = named("explain.code.copy", new Button(tr("Copy"), this));
    m_copyStage->setToolTip(tr("Copies the lines of this stage (Ctrl+C)"));
    m_copyStage->setAccessibleName(tr("Copy the lines of this stage"));
    m_copyAll = named("explain.code.copy_all", new Button(tr("Copy all up to here"), this));
    m_copyAll->setToolTip(tr(
        "Copies a program that reads the saved checkpoint and computes every stage up to this one; the command explain --code writes the "
        "whole of it with the program\u2019s own numbers to compare"));
    for (Button* button : {m_copyStage, m_copyAll}) button->setHeight(20);
    m_text = named("explain.code.lines", new CodeText(this));
    auto* head = new QHBoxLayout;
    head->addWidget(m_language);
    head->addStretch(1);
    head->addWidget(m_copyStage);
    head->addWidget(m_copyAll);
    auto* rows = new QVBoxLayout(this);
    rows->addLayout(head);
    rows->addWidget(m_text, 1);
    rows->addWidget(m_about);
    setFocusProxy(m_text);
    connect(m_language, &SegmentedControl::chosen, this, &CodeView::languageChosen);
    connect(m_copyStage, &QPushButton::clicked, this, [this] { copy(false); });
    connect(m_copyAll, &QPushButton::clicked, this, [this] { copy(true); });
    connect(m_text, &CodeText::copyWanted, this, [this] { copy(false); });
    followTheme(this, &CodeView::applyMeasures);
}

const explain::CodeLanguage& CodeView::language() const {
    return explain::codeLanguages()[static_cast<std::size_t>(m_language->current())];
}

void CodeView::setLanguage(int index) {
    m_language->setCurrent(index);
}

void CodeView::setCode(explain::WalkCode code, const explain::Stage& stage, bool byHand) {
    m_code = std::move(code);
    m_stage = stage.id;
    const bool runs = m_code.language->runs;
    m_copyAll->setVisible(runs);
    const QString ofProgram =
        tr("Cut from the sources that this program was built from. Training does attention by faster kernels, which tests hold to these "
           "lines.");
    const QString changed =
        tr("Numbers set by hand and heads switched off or made even are not in the code; the results in its comments follow from them.");
    const QString plain =
        tr("The lines compute all heads and positions at once; the results in the comments are of the head, query and key in hand.");
    m_about->setText(!runs ? ofProgram : byHand ? changed : plain);
    const explain::StageCode* now = m_code.find(m_stage);
    m_text->setCode(now ? qt(now->text).trimmed() : QString(), qt(m_code.language->comment), now ? explain::resultLine(*now, stage) : -1);
    m_text->setAccessibleName(tr("Lines of this stage in %1").arg(qt(m_code.language->title)));
}

void CodeView::copy(bool all) {
    const explain::StageCode* now = m_code.find(m_stage);
    if (!now) return;
    QApplication::clipboard()->setText(all ? qt(m_code.upTo(m_stage)) : qt(now->text));
}

void CodeView::applyMeasures() {
    const Theme& theme = Theme::instance();
    layout()->setContentsMargins(0, 0, 0, 0);
    layout()->setSpacing(0);
    QLayout* head = layout()->itemAt(0)->layout();
    head->setContentsMargins(theme.px(8), theme.px(6), theme.px(8), theme.px(6));
    head->setSpacing(theme.px(8));
    m_about->setContentsMargins(theme.px(8), theme.px(4), theme.px(8), theme.px(6));
}

}  // namespace lab
