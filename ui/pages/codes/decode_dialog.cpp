#include "ui/pages/codes/decode_dialog.h"

#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QVBoxLayout>

#include "core/base/errors.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/named.h"
#include "ui/widgets/problem_label.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/verdict.h"
#include "ui/widgets/wrapped_text.h"

namespace lab {
namespace {

constexpr int dialogWidth = 460, dialogHeight = 320, margin = 16, resultLines = 3;  // logical px at 100 %
constexpr qsizetype shownLetters = 400;

/// "2^4 · 3^2 · 5^5": what was divided out, or how that begins.
QString divisions(const goedel::Decoded& decoded) {
    constexpr std::size_t mostTold = 6;
    QStringList told;
    for (std::size_t i = 0; i < std::min(decoded.steps.size(), mostTold); ++i)
        if (const goedel::DecodeStep& step = decoded.steps[i]; step.times > 0)
            told << QStringLiteral("%1^%2").arg(step.prime).arg(step.times);
    if (decoded.symbols.size() > mostTold) told << QStringLiteral("\u2026");
    return told.join(QStringLiteral(" \u00B7 "));
}

}  // namespace

DecodeDialog::DecodeDialog(CodesState& state, const QString& name, QWidget* parent)
    : QDialog(parent), m_state(state), m_alphabet(state.sequence().alphabet) {
    setWindowTitle(tr("Decode a number"));
    auto* layout = new QVBoxLayout(this);
    auto* help =
        new ThemedLabel(tr("A whole number, with or without gaps. It is divided by 2, 3, 5, ... in turn: how often each divides it "
                           "is the number of the symbol, plus 1. Alphabet: %1.")
                            .arg(shown(m_alphabet->title())),
                        TextSize::text, Role::muted);
    help->setWordWrap(true);
    m_text = named(name + QStringLiteral(".number"), new QPlainTextEdit);
    m_text->setAccessibleName(tr("Number"));
    m_text->setTabChangesFocus(true);
    m_text->setWordWrapMode(QTextOption::WrapAnywhere);
    m_problem = new ProblemLabel;
    m_result = new WrappedText(resultLines, TextSize::text, Role::right, true);
    auto* leave = named(name + QStringLiteral(".cancel"), new Button(tr("Cancel")));
    m_take = named(name + QStringLiteral(".show"), new Button(tr("Show its sequence")));
    m_take->setDefault(true);
    auto* row = new QHBoxLayout;
    row->addStretch(1);
    row->addWidget(leave);
    row->addWidget(m_take);
    for (QWidget* part : std::initializer_list<QWidget*>{help, m_text, m_problem, m_result})
        layout->addWidget(part, part == m_text ? 1 : 0);
    layout->addLayout(row);
    connect(m_text, &QPlainTextEdit::textChanged, this, &DecodeDialog::read);
    connect(leave, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_take, &QPushButton::clicked, this, [this] {
        m_state.show(m_symbols);
        accept();
    });
    followTheme(this, &DecodeDialog::applyMeasures);
    read();
}

void DecodeDialog::applyMeasures() {
    const Theme& theme = Theme::instance();
    const int side = theme.px(margin);
    layout()->setContentsMargins(side, side, side, side);
    resize(theme.px(dialogWidth), theme.px(dialogHeight));
}

QString DecodeDialog::problem() const {
    return m_problem->sentence();
}

QString DecodeDialog::result() const {
    return m_result->text();
}

/// Nothing typed is no mistake.
void DecodeDialog::read() {
    m_task.cancel();
    m_take->setEnabled(false);
    m_result->setText({});
    m_problem->say({}, *m_text);
    const std::string text = m_text->toPlainText().toStdString();
    if (text.empty()) return;
    m_task.request([this, text, size = m_alphabet->size()](const LatestTask::Wanted& wanted) -> LatestTask::Found {
        try {
            const auto decoded = std::make_shared<const goedel::Decoded>(
                goedel::decode(goedel::Natural::fromDecimal(text), size, [&wanted] { return !wanted(); }));
            return [this, decoded] { take(*decoded); };
        } catch (const InputError& error) {
            return [this, sentence = error.message()] { refuse(shown(sentence)); };
        }
    });
}

void DecodeDialog::take(const goedel::Decoded& decoded) {
    if (!decoded.isWhole()) return refuse(shown(decoded.fault->sentence));
    m_symbols = decoded.symbols;
    QString text = qt(m_alphabet->write(m_symbols));
    if (text.size() > shownLetters) text = text.left(shownLetters) + QStringLiteral(" \u2026");
    m_result->setText(verdictText(
        true, m_symbols.empty() ? tr("1 is the number of the empty sequence.") : tr("%1, from %2").arg(text, divisions(decoded))));
    m_take->setEnabled(m_state.sequence().alphabet == m_alphabet && m_state.value().alphabet != runAlphabet);
}

void DecodeDialog::refuse(const QString& sentence) {
    m_problem->say(sentence, *m_text);
}

}  // namespace lab
