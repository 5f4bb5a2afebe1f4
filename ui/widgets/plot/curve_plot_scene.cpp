#include <algorithm>
#include <cmath>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/plot/curve_plot_private.h"

// What is written over the curves: labels, names, crosshair, read-outs.

namespace lab {
namespace {

const QString noValue = QStringLiteral("–");

}  // namespace

CurveScene CurvePlot::Private::makeScene() {
    CurveScene scene;
    if (strips.empty()) return scene;
    for (std::size_t i = 0; i < strips.size(); ++i) {
        const Strip& strip = strips[i];
        CurveScene::Strip out;
        out.outer = strip.outer;
        out.plot = strip.plot;
        out.small = !strip.style.grows;
        writeValues(strip, out);
        writeNames(int(i), out);
        writeDots(int(i), out);
        scene.strips.push_back(std::move(out));
    }
    const PlotField& field = strips.back().field;
    for (const auto& label : strips.back().steps().labels) scene.steps.push_back({field.xOf(label.value), label.text});
    if (crosshair && hasData()) {
        scene.crosshair = field.xOf(double(*crosshair));
        scene.flag = CurvePlot::tr("step %1").arg(grouped(*crosshair));
    }
    if (shown && hasData() && *shown <= *newestStep()) scene.shown = field.xOf(double(*shown));
    if (!hasData()) {
        scene.emptyTitle = emptyTitle;
        scene.emptyHelp = emptyHelp;
    }
    return scene;
}

void CurvePlot::Private::writeValues(const Strip& strip, CurveScene::Strip& out) const {
    const AxisTicks ticks = strip.values();
    auto labels = ticks.labels;
    if (out.small && labels.size() > 2) labels.erase(labels.begin() + 1, labels.end() - 1);
    if (!out.small) {
        const double half = 0.4 * QFontMetricsF(Theme::instance().font(TextSize::axis)).height();
        labels = labelsWithRoom(ticks, [&](const AxisTicks::Label& label) {
            const double at = strip.field.yOf(label.value);
            return LabelSpan(at - half, at + half);
        });
    }
    for (const auto& label : labels) out.values.push_back({strip.field.yOf(label.value), label.text});
}

void CurvePlot::Private::writeNames(int index, CurveScene::Strip& out) {
    const Theme& theme = Theme::instance();
    Strip& strip = strips[std::size_t(index)];
    NameField field{out.plot, double(theme.px(3)), {}, {}};
    if (index == 0 && !hasData()) field.taken.push_back(emptyBox(out.plot, emptyTitle, emptyHelp));
    std::vector<Curve*> drawn;
    for (Curve& curve : curves) {
        if (curve.style.strip != index || curve.empty()) continue;
        drawn.push_back(&curve);
        field.tracks.push_back(trackOf(strip.field, curve.shown(), drawsEvery(curve) ? curve.every().y : std::span<const double>()));
    }
    const QFont font = theme.font(TextSize::axis);
    const double height = QFontMetrics(font).height();
    constexpr std::size_t fewLines = 3;
    const bool ratherAbove = strip.references.size() > fewLines;
    for (Reference& reference : strip.references) writeReferenceName(reference, strip.field.yOf(reference.value), ratherAbove, field, out);
    for (std::size_t i = 0; i < drawn.size(); ++i) {
        const CurveStyle& style = drawn[i]->style;
        if (!style.labelled) continue;
        const auto rect = placeName(field, field.tracks[i], QSizeF(textWidth(font, style.name) + theme.px(4), height), drawn[i]->namePlace);
        if (!rect) continue;
        field.taken.push_back(*rect);
        out.names.push_back({*rect, style.name, theme.color(style.role)});
    }
}

void CurvePlot::Private::writeReferenceName(Reference& reference, double y, bool ratherAbove, NameField& field, CurveScene::Strip& out) {
    if (!(y >= out.plot.top() && y <= out.plot.bottom())) return;
    const Theme& theme = Theme::instance();
    const QFont font = theme.font(TextSize::axis);
    QRectF rect(0, 0, textWidth(font, reference.label) + theme.px(4), QFontMetrics(font).height());
    Extent line;
    line.include(y);
    line.middle = y;
    if (const auto place = placeName(field, CurveTrack(nameColumns + 1, line), rect.size(), reference.namePlace, ratherAbove)) {
        rect = *place;
    } else {
        // No free place: at the right end, over what is there.
        rect.moveBottomRight(QPointF(out.plot.right() - theme.px(2), y - theme.px(2)));
        if (rect.top() < out.plot.top()) rect.moveTop(y + theme.px(2));
        const auto crosses = [&rect](const QRectF& taken) { return taken.intersects(rect); };
        if (!hasData() && std::any_of(field.taken.begin(), field.taken.end(), crosses)) return;
    }
    field.taken.push_back(rect);
    out.names.push_back({rect, reference.label, theme.color(Role::muted)});
}

void CurvePlot::Private::writeDots(int index, CurveScene::Strip& out) const {
    if (!crosshair || out.small) return;
    for (std::size_t i = 0; i < curves.size(); ++i) {
        if (curves[i].style.strip != index) continue;
        const auto reading = q.reading(int(i));
        const QPointF at = strips[std::size_t(index)].field.place(double(*crosshair), reading ? reading->value : 0);
        if (reading && reading->step == *crosshair && QRectF(out.plot).adjusted(-1, -1, 1, 1).contains(at))
            out.dots.push_back({at, Theme::instance().color(curves[i].style.role)});
        return;  // the leading curve only: more would hide each other
    }
}

/// As the curves of its strip have their values.
QString CurvePlot::Private::referenceText(int strip, double value) const {
    const auto curve = std::ranges::find(curves, strip, [](const Curve& each) { return each.style.strip; });
    return curve == curves.end() ? QString() : curve->style.format(value);
}

void CurvePlot::Private::updateReadout() {
    std::vector<std::vector<ChannelStrip::Row>> rows(strips.size());
    for (std::size_t i = 0; i < curves.size(); ++i) {
        const CurveStyle& style = curves[i].style;
        const auto reading = q.reading(int(i));
        auto& target = rows[std::size_t(style.strip)];
        target.push_back({style.role, style.squares ? ChannelStrip::Sample::lineWithSquares : ChannelStrip::Sample::line, style.name,
                          reading ? style.format(reading->value) : noValue});
        if (style.rawBehind && smoothing > 0)
            target.push_back({style.role, ChannelStrip::Sample::raw, CurvePlot::tr("raw"), reading ? style.format(reading->raw) : noValue});
    }
    for (std::size_t i = 0; i < strips.size(); ++i) {
        for (const Reference& reference : strips[i].references)
            if (!reference.legend.isEmpty())
                rows[i].push_back(
                    {Role::muted, ChannelStrip::Sample::dotted, reference.legend, referenceText(int(i), reference.value), reference.spare});
        strips[i].channel->setRows(std::move(rows[i]));
    }
    if (!strips.empty()) {
        const auto step = crosshair ? crosshair : newestStep();
        strips.front().channel->setCaption(step ? CurvePlot::tr("at step %1").arg(grouped(*step)) : strips.front().style.unit);
    }
    describePicture(&q, q.accessibleName(), q.summary());
}

}  // namespace lab
