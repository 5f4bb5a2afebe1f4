#include "ui/window/ask_palette.h"

#include <QAction>
#include <QCoreApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QScrollArea>
#include <QVBoxLayout>

#include "ui/text/data_text.h"
#include "ui/text/language.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/named.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

constexpr int askWidth = 860, askHeight = 440, answerWidth = 340;  // logical px at 100 %

std::vector<Searchable> wordsOf(const std::vector<AskEntry>& entries) {
    std::vector<Searchable> words;
    for (const AskEntry& entry : entries) words.push_back(entry.words);
    return words;
}

ThemedLabel* wrapped(TextSize size, Role role, bool bold) {
    auto* label = new ThemedLabel({}, size, role, bold);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setTextFormat(Qt::RichText);
    return label;
}

}  // namespace

AskPalette::AskPalette(std::vector<AskEntry> entries, QWidget* parent)
    : QDialog(parent),
      m_entries(std::move(entries)),
      m_search(wordsOf(m_entries), language().toStdString()),
      m_field(named("palette.words", new QLineEdit)),
      m_list(named("palette.found", new QListWidget)) {
    const Theme& theme = Theme::instance();
    setAttribute(Qt::WA_DeleteOnClose);
    setModal(true);
    setWindowTitle(tr("Ask"));
    m_field->setPlaceholderText(tr("A question in your own words, a command, a preset, a setting"));
    m_field->setAccessibleName(windowTitle());
    m_field->installEventFilter(this);
    m_list->setAccessibleName(tr("Found"));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setTextElideMode(Qt::ElideRight);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_field);
    auto* lower = new QHBoxLayout;
    lower->addWidget(m_list, 1);
    lower->addWidget(makeAnswer());
    layout->addLayout(lower, 1);
    resize(theme.px(askWidth), theme.px(askHeight));
    connect(m_field, &QLineEdit::textChanged, this, &AskPalette::fill);
    connect(m_field, &QLineEdit::returnPressed, this, &AskPalette::doChosen);
    connect(m_list, &QListWidget::itemDoubleClicked, this, &AskPalette::doChosen);
    connect(m_list, &QListWidget::currentRowChanged, this, &AskPalette::showAnswer);
    connect(m_list, &QListWidget::itemClicked, this, [this] {
        if (const AskEntry* entry = chosen(); entry && !entry->question) doChosen();
    });
    connect(m_show, &Button::clicked, this, &AskPalette::doChosen);
    fill({});
}

QWidget* AskPalette::makeAnswer() {
    m_question = wrapped(TextSize::token, Role::text, true);
    m_answer = wrapped(TextSize::text, Role::text, false);
    m_example = wrapped(TextSize::text, Role::muted, false);
    m_show = named("palette.show", new Button(tr("Show me")));
    m_show->setKeycap(tr("Enter"));
    auto* side = new QWidget;
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(0, 0, 0, 0);
    auto* text = new QWidget;
    auto* lines = new QVBoxLayout(text);
    for (ThemedLabel* label : {m_question, m_answer, m_example}) lines->addWidget(label);
    lines->addStretch(1);
    auto* area = named("palette.answer", new QScrollArea);
    area->setWidget(text);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFocusPolicy(Qt::NoFocus);
    column->addWidget(area, 1);
    column->addWidget(m_show, 0, Qt::AlignRight);
    side->setFixedWidth(Theme::instance().px(answerWidth));
    return side;
}

void AskPalette::fill(const QString& words) {
    m_list->clear();
    for (const std::size_t i : m_search.find(words.toStdString())) {
        const AskEntry& entry = m_entries[i];
        if (entry.action && !entry.action->isEnabled()) continue;
        auto* item = new QListWidgetItem(entry.line, m_list);
        item->setToolTip(entry.line);
        item->setData(Qt::UserRole, static_cast<int>(i));
    }
    m_list->setCurrentRow(0);
    showAnswer();
}

const AskEntry* AskPalette::chosen() const {
    const QListWidgetItem* item = m_list->currentItem();
    return item ? &m_entries[static_cast<std::size_t>(item->data(Qt::UserRole).toInt())] : nullptr;
}

void AskPalette::showAnswer() {
    const AskEntry* entry = chosen();
    const LearnerQuestion* question = entry ? entry->question : nullptr;
    const QFont font = Theme::instance().font(TextSize::text);
    const auto rich = [&font](const std::string& text) { return formulaHtml(font, QString::fromStdString(text)); };
    const auto said = [&font](const std::string& text) { return formulaHtml(font, dataText(DataFiles::questions, text)); };
    m_question->setText(question ? said(question->ask) : entry ? entry->line.toHtmlEscaped() : tr("Nothing fits these words."));
    m_answer->setText(question ? said(question->answer) : entry ? rich(entry->words.text) : QString());
    m_example->setText(question ? said(question->example) : QString());
    m_show->setText(question ? tr("Show me") : tr("Do it"));
    m_show->setEnabled(entry);
}

QString AskPalette::answer() const {
    return m_answer->text();
}

/// What is done may delete the window that the palette belongs to, so the palette goes first.
void AskPalette::doChosen() {
    const AskEntry* entry = chosen();
    if (!entry) return;
    const std::function<void()> act = entry->act;
    close();
    act();
}

/// What moves through the list works while the words have the focus.
bool AskPalette::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_field && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Up || key == Qt::Key_Down || key == Qt::Key_PageUp || key == Qt::Key_PageDown) {
            QCoreApplication::sendEvent(m_list, event);
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

}  // namespace lab
