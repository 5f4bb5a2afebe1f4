#include "ui/window/compare_row.h"

#include <QHBoxLayout>
#include <QPainter>
#include <algorithm>

#include "ui/runs/comparison.h"
#include "ui/widgets/bar_label.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"
#include "ui/widgets/token_strip.h"
#include "ui/window/input_chips.h"

namespace lab {
namespace {

constexpr int compareRowGap = 12, compareRowStoryLine = 18;  // logical px at 100 %

std::optional<double> lossOf(const std::shared_ptr<const Trace>& trace) {
    const Tensor* loss = trace ? trace->find("loss") : nullptr;
    return loss && !loss->values.empty() ? std::optional<double>(loss->values.front()) : std::nullopt;
}

}  // namespace

CompareRow::CompareRow(Focus& focus, QWidget* parent)
    : QWidget(parent),
      m_focus(focus),
      m_indent(new QWidget),
      m_strip(named("window.compared.tokens", new TokenStrip)),
      m_name(new ThemedLabel({})),
      m_summary(new ThemedLabel({}, TextSize::text, Role::text, true)) {
    setAccessibleName(tr("Kept input"));
    m_strip->setReadOnly(true);
    m_strip->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    m_strip->setAccessibleName(tr("Tokens and predictions of the kept input"));
    auto* story = new QVBoxLayout;
    story->setSpacing(2);
    story->addStretch();
    story->addWidget(m_name);
    story->addWidget(m_summary);
    story->addStretch();
    auto* swap = named("window.compared.swap", new Button(tr("Swap")));
    swap->setToolTip(tr("The kept input comes into hand, and the present one is kept"));
    auto* stop = named("window.compared.stop", new Button(tr("Stop comparing")));
    stop->setToolTip(tr("Lets the kept input go (Ctrl+Shift+K)"));
    for (Button* button : {swap, stop}) button->setFocusPolicy(Qt::TabFocus);
    auto* row = new QHBoxLayout(this);
    row->addWidget(new BarLabel({tr("Kept"), tr("Predicted")}));
    row->addWidget(m_indent);
    row->addWidget(m_strip);
    row->addLayout(story);
    row->addStretch();
    row->addWidget(swap);
    row->addWidget(stop);
    connect(swap, &QAbstractButton::clicked, this, &CompareRow::swapWanted);
    connect(stop, &QAbstractButton::clicked, this, [this] { m_focus.comparison().drop(); });
    connect(&m_focus.comparison(), &Comparison::traceChanged, this, &CompareRow::showAnswers);
    connect(&m_focus, &Focus::answerChanged, this, &CompareRow::showAnswers);
    connect(&m_focus, &Focus::traceChanged, this, &CompareRow::showAnswers);
    followTheme(this, &CompareRow::applyMeasures);
    hide();
}

void CompareRow::applyMeasures() {
    const Theme& theme = Theme::instance();
    layout()->setContentsMargins(0, 1, theme.px(compareRowGap), 0);
    layout()->setSpacing(theme.px(compareRowGap) - theme.px(4));
    for (ThemedLabel* label : {m_name, m_summary}) label->setFixedHeight(theme.px(compareRowStoryLine));
}

void CompareRow::setOwn(const OwnInput* own) {
    m_own = own;
    refresh();
}

void CompareRow::setIndent(int width) {
    m_indent->setFixedWidth(width);
}

QString CompareRow::summary() const {
    return m_summary->text();
}

void CompareRow::refresh() {
    const Comparison& comparison = m_focus.comparison();
    const Input& kept = comparison.input();
    std::vector<TokenChip> chips = m_own && comparison.active() ? chipsOf(m_own->words(), kept) : std::vector<TokenChip>();
    for (std::size_t i = 0; i < chips.size(); ++i) {
        TokenChip& chip = chips[i];
        chip.toolTip = tr("Position %1: %2, kept").arg(QString::number(i), chip.inWords());
        chip.marked = differs(kept, m_focus.input(), i);
    }
    m_strip->setTokens(std::move(chips));
    m_name->setText(tr("kept: %1").arg(comparison.name()));
    showAnswers();
}

std::vector<PredictionChip> CompareRow::answerChips() const {
    using Verdict = PredictionChip::Verdict;
    const Comparison& comparison = m_focus.comparison();
    const std::vector<int>& said = comparison.answer();
    if (m_own && m_own->vectors()) return vectorAnswers(m_own->words(), comparison.input(), said, comparison.trace().get()).chips;
    std::vector<PredictionChip> chips;
    const std::vector<int>& targets = comparison.input().targets;
    for (std::size_t i = 0; m_own && i < said.size(); ++i) {
        PredictionChip chip;
        if (said[i] >= 0) chip = {m_own->text(said[i]), Verdict::open, {}};
        if (said[i] >= 0 && i < targets.size())
            chip.verdict = targets[i] < 0 ? Verdict::none : targets[i] == said[i] ? Verdict::right : Verdict::wrong;
        chips.push_back(std::move(chip));
    }
    return chips;
}

/// How many answers differ; -1 where the inputs have not as many of them, or where they are numbers, of which every one moves.
int CompareRow::changedAnswers() const {
    const std::vector<int>&before = m_focus.comparison().answer(), &after = m_focus.answer();
    if (!m_own || m_own->words().numbers() || before.empty() || before.size() != after.size()) return -1;
    int count = 0;
    for (std::size_t i = 0; i < before.size(); ++i)
        count += before[i] != after[i] && (!m_own->vectors() || m_own->words().asks(m_focus.input(), i));
    return count;
}

/// "model 0.31 \u2192 0.42": the number last asked for, which has no loss where its truth is not known.
QString CompareRow::movedNumber() const {
    const Comparison& comparison = m_focus.comparison();
    if (!m_own || !m_own->words().numbers() || comparison.step() != m_focus.traceStep()) return {};
    const auto last = [this](const Input& input, const std::vector<int>& said, const Trace* trace) {
        const VectorAnswers answers = vectorAnswers(m_own->words(), input, said, trace);
        return answers.chips.empty() ? QString() : answers.chips[answers.last].text;
    };
    const QString before = last(comparison.input(), comparison.answer(), comparison.trace().get());
    const QString after = last(m_focus.input(), m_focus.answer(), m_focus.trace().get());
    return before.isEmpty() || after.isEmpty() ? QString() : tr("model %1 \u2192 %2").arg(before, after);
}

void CompareRow::showAnswers() {
    const Comparison& comparison = m_focus.comparison();
    if (!comparison.active()) return;
    m_strip->setPredictions(answerChips());
    if (!comparison.error().isEmpty()) return m_summary->setText(comparison.error());
    QStringList parts;
    const int changed = changedAnswers();
    if (m_focus.input() == comparison.input())
        parts << tr("change the input to see what differs");
    else if (changed >= 0 && !m_focus.answering())
        parts << (changed == 0 ? tr("no answer changes") : changed == 1 ? tr("1 answer changes") : tr("%1 answers change").arg(changed));
    else if (const QString moved = movedNumber(); !moved.isEmpty())
        parts << moved;
    const auto before = lossOf(comparison.trace()), after = lossOf(m_focus.trace());
    if (before && after && comparison.step() == m_focus.traceStep() && m_focus.input() != comparison.input())
        parts << tr("loss %1 \u2192 %2").arg(significant(*before, 3), significant(*after, 3));
    m_summary->setText(parts.join(QStringLiteral(" \u00B7 ")));
}

void CompareRow::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    drawHairline(painter, QPointF(0, 0), QPointF(width(), 0), theme.color(Role::hairline));
}

}  // namespace lab
