#include "ui/pages/codes/bits_panel.h"

#include <QHBoxLayout>
#include <cmath>

#include "ui/text/message_text.h"
#include "ui/widgets/column.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

constexpr int nameLeft = 52, nameTop = 6;  // logical px at 100 %

PlotSeries curveOf(const QString& name, Role role, const std::vector<double>& bits) {
    PlotSeries series{.name = name, .role = role};
    series.y = bits;
    for (std::size_t n = 1; n <= bits.size(); ++n) series.x.push_back(static_cast<double>(n));
    return series;
}

QString wholeBits(double bits) {
    return grouped(static_cast<std::int64_t>(bits));
}

std::vector<BitsBar> barsOf(const goedel::Sizes& sizes, int size, const std::optional<TrainedRoom>& trained) {
    const auto whole = static_cast<double>(sizes.goedelWhole), mixed = static_cast<double>(sizes.mixedBits);
    std::vector<BitsBar> bars{
        {BitsPanel::tr("Gödel number"), whole, wholeBits(whole)},
        {BitsPanel::tr("mixed radix \u03A3 s %1^{i}").arg(size), mixed, wholeBits(mixed)},
        {BitsPanel::tr("information n log\u2082 %1").arg(size), sizes.information, fixed(sizes.information, 2), true}};
    if (trained)
        bars.push_back({BitsPanel::tr("trained code %1 \u00D7 %2").arg(trained->slotCount).arg(trained->codes), trained->bits,
                        fixed(trained->bits, trained->bits == std::round(trained->bits) ? 0 : 1)});
    return bars;
}

}  // namespace

BitsPanel::BitsPanel(QWidget* parent) : PanelFrame(tr("Bits against information"), parent) {
    m_what = new ElidedLabel(tr("G \u00F7 information"), TextSize::text, Role::muted);
    m_ratio = new ThemedLabel({}, TextSize::text, Role::text, true);
    addControl(m_what);
    addControl(m_ratio);
    auto* body = new QWidget;
    auto* lines = column(body);
    m_bars = new BitsBars(body);
    m_plot = named("codes.exact.curve", new Plot(tr("Bits of G against the length")));
    m_plot->setNamesAtEnds();
    m_plot->setReading([](double bits) { return wholeBits(std::round(bits)); });
    m_plot->setFlag([](double n) { return tr("n = %1").arg(std::lround(n)); });
    m_plot->setToolTip(
        tr("Bits of the Gödel number of n symbols: all the largest, K \u03A3 log\u2082 p; on average over equally likely symbols, "
           "(K + 1)/2 \u03A3 log\u2082 p; and needed to tell the sequences apart, n log\u2082 K."));
    auto* axis = new ThemedLabel(tr("bits of G"), TextSize::caption, Role::muted, false, m_plot);
    axis->setAttribute(Qt::WA_TransparentForMouseEvents);
    axis->setAutoFillBackground(true);  // readable where the hand stands at a short sequence
    followTheme(axis, [axis] {
        QPalette colors = axis->palette();
        colors.setColor(axis->backgroundRole(), Theme::instance().color(Role::screen));
        axis->setPalette(colors);
        axis->adjustSize();
        axis->move(Theme::instance().px(nameLeft), Theme::instance().px(nameTop));
    });
    lines->addWidget(m_bars);
    lines->addWidget(m_plot, 1);
    setContent(body);
}

QString BitsPanel::ratio() const {
    return m_ratio->text();
}

/// Without the number's size there are no bars, and the curve stays.
void BitsPanel::setStudy(const GoedelStudy& study, const std::optional<TrainedRoom>& trained) {
    m_bars->setBars(study.sizes ? barsOf(*study.sizes, study.alphabetSize(), trained) : std::vector<BitsBar>());
    const bool compared = study.sizes && std::isfinite(study.sizes->ratio);
    m_ratio->setText(compared ? fixed(study.sizes->ratio, 1) : QStringLiteral("\u2013"));
    showCurve(study);
}

void BitsPanel::showCurve(const GoedelStudy& study) {
    const goedel::SizeCurve& curve = study.curve;
    const QString last = qt(study.of.alphabet->symbol(study.alphabetSize() - 1));
    m_plot->setXRange(1, static_cast<double>(std::max<std::size_t>(curve.needed.size(), 2)));
    m_plot->setSeries({curveOf(tr("all %1").arg(last), Role::series2, curve.largest), curveOf(tr("mean"), Role::series1, curve.mean),
                       curveOf(tr("needed"), Role::series5, curve.needed)});
    const auto n = static_cast<double>(study.of.length());
    m_plot->setHand(n >= 1 ? std::optional(n) : std::nullopt, tr("n = %1").arg(study.of.length()), false);
}

}  // namespace lab
