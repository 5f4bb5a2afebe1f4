#include "ui/pages/incontext/prompt_dialog.h"

#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QVBoxLayout>

#include "core/base/errors.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/named.h"
#include "ui/widgets/problem_label.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

constexpr int dialogWidth = 460, dialogHeight = 380, margin = 16;  // logical px at 100 %

}  // namespace

PromptDialog::PromptDialog(const FunctionPrompt& prompt, int mostPoints, QWidget* parent)
    : QDialog(parent), m_prompt(prompt), m_mostPoints(mostPoints) {
    setWindowTitle(tr("Type or paste a prompt"));
    auto* layout = new QVBoxLayout(this);
    auto* help =
        new ThemedLabel(prompt.dimensions == 1
                            ? tr("A pair a line, x then y: 0.5 1.2. The last line is the query: its x and a question mark.")
                            : tr("A pair a line, the %1 coordinates of x, then y. The last line is the query: its x and a question mark.")
                                  .arg(prompt.dimensions),
                        TextSize::text, Role::muted);
    help->setWordWrap(true);
    m_text = named("incontext.regression.type.text", new QPlainTextEdit(QString::fromStdString(promptText(prompt))));
    m_text->setAccessibleName(tr("Pairs and query"));
    m_text->setTabChangesFocus(true);
    m_problem = new ProblemLabel;
    m_problem->setWordWrap(true);
    auto* leave = named("incontext.regression.type.cancel", new Button(tr("Cancel")));
    m_take = named("incontext.regression.type.take", new Button(tr("Ask")));
    m_take->setDefault(true);
    auto* row = new QHBoxLayout;
    row->addStretch(1);
    row->addWidget(leave);
    row->addWidget(m_take);
    layout->addWidget(help);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_problem);
    layout->addLayout(row);
    connect(m_text, &QPlainTextEdit::textChanged, this, &PromptDialog::read);
    connect(leave, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_take, &QPushButton::clicked, this, &QDialog::accept);
    followTheme(this, &PromptDialog::applyMeasures);
    read();
}

void PromptDialog::applyMeasures() {
    const Theme& theme = Theme::instance();
    const int side = theme.px(margin);
    layout()->setContentsMargins(side, side, side, side);
    resize(theme.px(dialogWidth), theme.px(dialogHeight));
}

void PromptDialog::read() {
    m_problemText.clear();
    try {
        m_prompt = parsePrompt(m_text->toPlainText().toStdString(), m_prompt.dimensions, m_mostPoints);
    } catch (const InputError& error) {
        m_problemText = shown(error);
    }
    m_problem->say(m_problemText, *m_text);
    m_take->setEnabled(m_problemText.isEmpty());
}

}  // namespace lab
