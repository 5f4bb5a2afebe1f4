#include "ui/pages/text/sampling_form.h"

#include <QGridLayout>
#include <QSlider>
#include <QSpinBox>
#include <algorithm>
#include <cmath>
#include <limits>

#include "ui/text/message_text.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/named.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spin_text.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int formMargin = 10, formGap = 2, columnGap = 8;
constexpr int numberWidth = 72, numberHeight = 20, seedWidth = 76, sliderLeast = 60;
constexpr double finest = 0.05;

/// The next whole number that somebody would choose, some 15 % on: 10, 12, .. 18, 20, 25, .. 50, 60, .. 100, 150.
double nextRound(double number) {
    constexpr double share = 0.15;
    const auto unitAt = [](double at) { return at < 20 ? 1.0 : at < 100 ? 5.0 : 50.0; };
    const double unit = unitAt(number), next = number + std::max(unit, unit * std::round(share * number / unit));
    return unitAt(next) * std::floor(next / unitAt(next));
}

std::size_t nearestStop(const std::vector<double>& stops, double value) {
    const auto away = [value](double stop) { return std::abs(stop - value); };
    return static_cast<std::size_t>(std::ranges::min_element(stops, {}, away) - stops.begin());
}

}  // namespace

std::vector<double> sliderStops(const SamplingRule& rule) {
    const auto& [least, most, leastOpen, mostOpen] = rule.usual;
    std::vector<double> stops;
    if (rule.integer) {
        for (double stop = least; stop < most; stop = nextRound(stop)) stops.push_back(stop);
        stops.push_back(most);
    } else {
        const double perUnit = most - least <= 1 ? 100 : 1 / finest;
        for (int i = 0; i <= std::lround((most - least) * perUnit); ++i) stops.push_back(std::round(least * perUnit + i) / perUnit);
    }
    if (!rule.usual.contains(rule.off)) stops.push_back(rule.off);
    return stops;
}

SamplingForm::SamplingForm(QWidget* parent) : QWidget(parent), m_temperature(Sampling::ofText().temperature) {
    makeHead();
    auto* grid = new QGridLayout(this);
    for (const SamplingRule* rule : SamplingRule::table()) addLine(*grid, *rule);
    grid->setColumnStretch(1, 5);
    grid->setColumnStretch(3, 4);
    setSampling(Sampling::ofText());
    followTheme(this, &SamplingForm::applyMeasures);
}

void SamplingForm::makeHead() {
    m_head = new QWidget(this);
    auto* row = new QHBoxLayout(m_head);
    row->setContentsMargins(0, 0, 0, 0);
    m_way = named("text.write.way", new SegmentedControl({tr("greedy"), tr("sample")}, tr("How tokens are chosen")));
    m_way->setHeight(20);
    m_way->setToolTip(tr("greedy: always the token most probable behind the penalties. sample: drawn, by all numbers here"));
    m_seed = named("text.write.seed", new QSpinBox);
    m_seed->setRange(0, std::numeric_limits<int>::max());
    m_seed->setAccessibleName(tr("Seed"));
    m_seed->setToolTip(tr("The same seed writes the same text"));
    auto* seed = new ThemedLabel(tr("seed"), TextSize::text, Role::muted);
    seed->setBuddy(m_seed);
    row->addWidget(m_way);
    row->addWidget(seed);
    row->addWidget(m_seed);
    connect(m_way, &SegmentedControl::chosen, this, &SamplingForm::takeWay);
    connect(m_seed, &QSpinBox::valueChanged, this, &SamplingForm::changed);
}

void SamplingForm::addLine(QGridLayout& grid, const SamplingRule& rule) {
    const QString name = "text.write." + QString::fromLatin1(rule.name.data(), static_cast<qsizetype>(rule.name.size()));
    Line line{&rule, sliderStops(rule), nullptr, nullptr, nullptr, nullptr};
    line.slider = named(name + ".slider", new QSlider(Qt::Horizontal));
    line.slider->setRange(0, static_cast<int>(line.stops.size()) - 1);
    line.slider->setPageStep(5);
    line.number = named(name, new RealBox);
    const double least = rule.limits.minOpen ? rule.limits.min + 0.01 : rule.limits.min;
    line.number->setDecimals(rule.integer ? 0 : 2);
    line.number->setSingleStep(rule.integer ? 1 : finest);
    line.number->setRange(std::max(least, -100.0), std::min(rule.limits.max, rule.integer ? 100000.0 : 100.0));
    line.label = new ThemedLabel(shown(Message(rule.label)));
    line.label->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    line.label->setBuddy(line.number);
    line.note = new ElidedLabel({}, TextSize::caption, Role::muted);
    for (QWidget* each : {static_cast<QWidget*>(line.slider), static_cast<QWidget*>(line.number), static_cast<QWidget*>(line.label)}) {
        each->setToolTip(shown(Message(rule.help)));
        each->setAccessibleName(line.label->text());
    }
    const int row = static_cast<int>(m_lines.size());
    grid.addWidget(line.label, row, 0);
    grid.addWidget(line.slider, row, 1);
    grid.addWidget(line.number, row, 2);
    grid.addWidget(line.note, row, 3);
    connect(line.slider, &QSlider::valueChanged, this,
            [number = line.number, stops = line.stops](int stop) { number->setValue(stops[static_cast<std::size_t>(stop)]); });
    connect(line.number, &QDoubleSpinBox::valueChanged, this, [this, slider = line.slider, stops = line.stops](double value) {
        const QSignalBlocker quiet(slider);
        slider->setValue(static_cast<int>(nearestStop(stops, value)));
        emit changed();
    });
    m_lines.push_back(std::move(line));
}

void SamplingForm::applyMeasures() {
    const Theme& theme = Theme::instance();
    const int side = theme.px(formMargin);
    layout()->setContentsMargins(side, theme.px(formGap), side, theme.px(formGap));
    auto* grid = static_cast<QGridLayout*>(layout());
    grid->setHorizontalSpacing(theme.px(columnGap));
    grid->setVerticalSpacing(theme.px(formGap));
    m_head->layout()->setSpacing(theme.px(columnGap));
    m_seed->setFixedSize(theme.px(seedWidth), theme.px(numberHeight));
    for (const Line& line : m_lines) {
        line.number->setFixedSize(theme.px(numberWidth), theme.px(numberHeight));
        line.slider->setMinimumWidth(theme.px(sliderLeast));
    }
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
        const QSignalBlocker still(line.slider);  // a number that was there before tells it nothing
        line.slider->setValue(static_cast<int>(nearestStop(line.stops, line.number->value())));
    }
    m_seed->setValue(static_cast<int>(std::min<std::uint64_t>(sampling.seed, std::numeric_limits<int>::max())));
    allowNumbers();
    setNotes({});
}

void SamplingForm::allowNumbers() {
    const bool greedy = m_way->current() == 0;
    for (const Line& line : m_lines)
        for (QWidget* each : {static_cast<QWidget*>(line.slider), static_cast<QWidget*>(line.number)})
            each->setEnabled(!(greedy && line.rule->cuts));
    m_seed->setEnabled(!greedy);
}

void SamplingForm::takeWay() {
    allowNumbers();
    emit changed();
}

void SamplingForm::setNotes(const std::map<const SamplingRule*, QString>& notes) {
    for (const Line& line : m_lines) {
        const auto found = notes.find(line.rule);
        line.note->setText(found == notes.end() ? shown(Message(line.rule->hint)) : found->second);
    }
}

}  // namespace lab
