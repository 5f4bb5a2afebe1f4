#include <algorithm>
#include <cmath>

#include "ui/widgets/curve_names.h"
#include "ui/widgets/curve_plot_private.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"

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
        out.outer = strip.rect->outerRect();
        out.plot = strip.rect->rect();
        out.small = !strip.style.grows;
        writeValues(strip, out);
        writeNames(int(i), out);
        writeDots(int(i), out);
        scene.strips.push_back(std::move(out));
    }
    const Strip& last = strips.back();
    const QCPRange range = last.steps->range();
    for (const auto& label : axisTicks(stepScale, range.lower, range.upper, last.stepTicker->count).labels)
        scene.steps.push_back({last.steps->coordToPixel(label.value), label.text});
    if (crosshair && hasData()) {
        scene.crosshair = last.steps->coordToPixel(double(*crosshair));
        scene.flag = CurvePlot::tr("step %1").arg(grouped(*crosshair));
    }
    if (shown && hasData() && *shown <= *newestStep()) scene.shown = last.steps->coordToPixel(double(*shown));
    if (!hasData()) {
        scene.emptyTitle = emptyTitle;
        scene.emptyHelp = emptyHelp;
    }
    return scene;
}

void CurvePlot::Private::writeValues(const Strip& strip, CurveScene::Strip& out) const {
    const QCPRange range = strip.values->range();
    for (const auto& label : axisTicks(strip.style.scale, range.lower, range.upper, strip.valueTicker->count).labels)
        out.values.push_back({strip.values->coordToPixel(label.value), label.text});
}

void CurvePlot::Private::writeNames(int index, CurveScene::Strip& out) {
    const Theme& theme = Theme::instance();
    const Strip& strip = strips[std::size_t(index)];
    const QFont font = theme.font(TextSize::axis);
    const int height = QFontMetrics(font).height();
    if (strip.reference) {
        const double y = strip.values->coordToPixel(strip.reference->value);
        QRectF rect(0, 0, textWidth(font, strip.reference->label) + theme.px(4), height);
        rect.moveBottomRight(QPointF(out.plot.right() - theme.px(2), y - theme.px(2)));
        if (rect.top() < out.plot.top()) rect.moveTop(y + theme.px(2));
        if (y >= out.plot.top() && y <= out.plot.bottom() && rect.bottom() <= out.plot.bottom())
            out.names.push_back({rect, strip.reference->label, theme.color(Role::muted)});
    }
    writeCurveNames(index, out);
}

void CurvePlot::Private::writeCurveNames(int index, CurveScene::Strip& out) {
    const Theme& theme = Theme::instance();
    const Strip& strip = strips[std::size_t(index)];
    NameField field{out.plot, double(theme.px(3)), {}, {}};
    for (const auto& name : out.names) field.taken.push_back(name.rect);
    std::vector<Curve*> drawn;
    for (Curve& curve : curves) {
        if (curve.style.strip != index || curve.empty()) continue;
        drawn.push_back(&curve);
        CurveTrack track;
        for (int column = 0; column <= nameColumns; ++column) {
            const auto span = [&](int at) {
                return curve.from(strip.steps->pixelToCoord(out.plot.left() + at * out.plot.width() / double(nameColumns)));
            };
            const std::size_t begin = span(column), end = std::max(begin + 1, span(column + 1));
            Extent extent;
            const std::size_t stride = std::max<std::size_t>(1, (end - begin) / 8);
            for (std::size_t i = begin; i < std::min(end, curve.size()); i += stride) {
                const double y = strip.values->coordToPixel(curve.value(i));
                extent.include(y);
                if (i == begin) extent.middle = y;
                if (curve.raw->visible()) extent.include(strip.values->coordToPixel(curve.rawValue(i)));
            }
            track.push_back(extent);
        }
        field.tracks.push_back(std::move(track));
    }
    const QFont font = theme.font(TextSize::axis);
    for (std::size_t i = 0; i < drawn.size(); ++i) {
        Curve& curve = *drawn[i];
        if (!curve.style.labelled) continue;
        const QSizeF size(textWidth(font, curve.style.name) + theme.px(4), QFontMetrics(font).height());
        const auto rect = placeName(field, i, size, curve.namePlace);
        if (!rect) continue;
        field.taken.push_back(*rect);
        out.names.push_back({*rect, curve.style.name, theme.color(curve.style.role)});
    }
}

void CurvePlot::Private::writeDots(int index, CurveScene::Strip& out) const {
    if (!crosshair || out.small) return;
    for (std::size_t i = 0; i < curves.size(); ++i) {
        if (curves[i].style.strip != index) continue;
        const auto reading = q.reading(int(i));
        const QPointF at(strips[std::size_t(index)].steps->coordToPixel(double(*crosshair)),
                         reading ? strips[std::size_t(index)].values->coordToPixel(reading->value) : -1);
        if (reading && reading->step == *crosshair && QRectF(out.plot).adjusted(-1, -1, 1, 1).contains(at))
            out.dots.push_back({at, Theme::instance().color(curves[i].style.role)});
        return;  // the leading curve only: more would hide each other
    }
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
    for (std::size_t i = 0; i < strips.size(); ++i) strips[i].channel->setRows(std::move(rows[i]));
    if (!strips.empty()) {
        const auto step = crosshair ? crosshair : newestStep();
        strips.front().channel->setCaption(step ? CurvePlot::tr("at step %1").arg(grouped(*step)) : strips.front().style.unit);
    }
    q.setAccessibleDescription(q.summary());
}

}  // namespace lab
