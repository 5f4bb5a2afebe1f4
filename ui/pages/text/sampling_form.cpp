#include "ui/pages/text/sampling_form.h"

#include <QGridLayout>
#include <QSpinBox>
#include <algorithm>
#include <limits>

#include "ui/text/message_text.h"
#include "ui/widgets/named.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int formMargin = 10, formGap = 4;
constexpr int numberWidth = 76;
constexpr double finest = 0.05;

}  // namespace

SamplingForm::SamplingForm(QWidget* parent) : QWidget(parent), m_temperature(Sampling::ofText().temperature) {
    auto* grid = new QGridLayout(this);
    m_way = named("text.write.way", new SegmentedControl({tr("greedy"), tr("sample")}, tr("How tokens are chosen")));
    m_way->setToolTip(tr("greedy: always the token most probable behind the penalties. sample: drawn, by all numbers here"));
    m_seed = named("text.write.seed", new QSpinBox);
    m_seed->setRange(0, std::numeric_limits<int>::max());
    m_seed->setAccessibleName(tr("Seed"));
    m_seed->setToolTip(tr("The same seed writes the same text"));
    auto* seed = new ThemedLabel(tr("seed"), TextSize::text, Role::muted);
    seed->setBuddy(m_seed);
    grid->addWidget(m_way, 0, 0, 1, 2);
    grid->addWidget(seed, 0, 3);
    grid->addWidget(m_seed, 0, 4);
    for (const SamplingRule* rule : SamplingRule::table()) addLine(*grid, *rule);
    grid->setColumnStretch(2, 1);
    connect(m_way, &SegmentedControl::chosen, this, &SamplingForm::takeWay);
    connect(m_seed, &QSpinBox::valueChanged, this, &SamplingForm::changed);
    setSampling(Sampling::ofText());
    followTheme(this, &SamplingForm::applyMeasures);
}

void SamplingForm::addLine(QGridLayout& grid, const SamplingRule& rule) {
    // What changes logits beside what cuts, in two columns, each in its order.
    const auto above = [&rule](const Line& line) { return line.rule->cuts == rule.cuts; };
    const int row = static_cast<int>(std::ranges::count_if(m_lines, above)) + 1, left = rule.cuts ? 0 : 3;
    auto* number =
        named("text.write." + QString::fromLatin1(rule.name.data(), static_cast<qsizetype>(rule.name.size())), new QDoubleSpinBox);
    const double least = rule.limits.minOpen ? rule.limits.min + 0.01 : rule.limits.min;
    number->setDecimals(rule.integer ? 0 : 2);
    number->setSingleStep(rule.integer ? 1 : finest);
    number->setRange(std::max(least, -100.0), std::min(rule.limits.max, rule.integer ? 100000.0 : 100.0));
    number->setToolTip(shown(Message(rule.help)));
    auto* label = new ThemedLabel(shown(Message(rule.label)));
    label->setBuddy(number);
    label->setToolTip(number->toolTip());
    number->setAccessibleName(label->text());
    auto* note = new ThemedLabel({}, TextSize::caption, Role::muted);
    grid.addWidget(label, row, left);
    grid.addWidget(number, row, left + 1);
    if (rule.cuts) grid.addWidget(note, row, 2);
    note->setParent(this);
    note->setVisible(rule.cuts);
    m_lines.push_back({&rule, label, number, note});
    connect(number, &QDoubleSpinBox::valueChanged, this, &SamplingForm::changed);
}

void SamplingForm::applyMeasures() {
    const Theme& theme = Theme::instance();
    const int side = theme.px(formMargin);
    layout()->setContentsMargins(side, theme.px(formGap), side, theme.px(formGap));
    layout()->setSpacing(theme.px(formGap));
    for (const Line& line : m_lines) line.number->setFixedWidth(theme.px(numberWidth));
}

Sampling SamplingForm::sampling() const {
    Sampling sampling;
    for (const Line& line : m_lines) line.rule->set(sampling, line.number->value());
    if (m_way->current() == 0) sampling.temperature = 0;
    sampling.seed = static_cast<std::uint64_t>(m_seed->value());
    return sampling;
}

void SamplingForm::setSampling(const Sampling& sampling) {
    const QSignalBlocker quiet(this);
    const bool greedy = sampling.temperature == 0;
    m_way->setCurrent(greedy ? 0 : 1);
    for (const Line& line : m_lines) {
        const bool heat = line.rule->name == "temperature";
        line.number->setValue(heat && greedy ? m_temperature : line.rule->value(sampling));
        line.number->setEnabled(!(greedy && line.rule->cuts));
    }
    m_seed->setValue(static_cast<int>(std::min<std::uint64_t>(sampling.seed, std::numeric_limits<int>::max())));
    m_seed->setEnabled(!greedy);
}

void SamplingForm::takeWay() {
    const bool greedy = m_way->current() == 0;
    for (const Line& line : m_lines) line.number->setEnabled(!(greedy && line.rule->cuts));
    m_seed->setEnabled(!greedy);
    emit changed();
}

void SamplingForm::setNotes(const std::map<const SamplingRule*, QString>& notes) {
    for (const Line& line : m_lines) {
        const auto found = notes.find(line.rule);
        line.note->setText(!line.rule->cuts || found == notes.end() ? QString() : found->second);
    }
}

}  // namespace lab
