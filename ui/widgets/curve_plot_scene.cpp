#include <algorithm>
#include <cmath>

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
    auto labels = axisTicks(strip.style.scale, range.lower, range.upper, strip.valueTicker->count).labels;
    if (out.small && labels.size() > 2) labels.erase(labels.begin() + 1, labels.end() - 1);
    for (const auto& label : labels) out.values.push_back({strip.values->coordToPixel(label.value), label.text});
}

CurveTrack CurvePlot::Private::trackOf(const Curve& curve, const QRect& plotRect) const {
    const Strip& strip = strips[std::size_t(curve.style.strip)];
    const auto from = [&](int column) {
        return curve.from(strip.steps->pixelToCoord(plotRect.left() + column * plotRect.width() / double(nameColumns)));
    };
    CurveTrack track;
    for (int column = 0; column <= nameColumns; ++column) {
        const std::size_t begin = from(column), end = std::max(begin + 1, from(column + 1));
        const std::size_t stride = std::max<std::size_t>(1, (end - begin) / 8);  // a long run needs no closer look
        Extent extent;
        for (std::size_t i = begin; i < std::min(end, curve.size()); i += stride) {
            const double y = strip.values->coordToPixel(curve.value(i));
            if (i == begin) extent.middle = y;
            extent.include(y);
            if (curve.raw->visible()) extent.include(strip.values->coordToPixel(curve.rawValue(i)));
        }
        track.push_back(extent);
    }
    return track;
}

void CurvePlot::Private::writeNames(int index, CurveScene::Strip& out) {
    const Theme& theme = Theme::instance();
    Strip& strip = strips[std::size_t(index)];
    NameField field{out.plot, double(theme.px(3)), {}, {}};
    std::vector<Curve*> drawn;
    for (Curve& curve : curves) {
        if (curve.style.strip != index || curve.empty()) continue;
        drawn.push_back(&curve);
        field.tracks.push_back(trackOf(curve, out.plot));
    }
    const QFont font = theme.font(TextSize::axis);
    const double height = QFontMetrics(font).height();
    if (strip.reference) writeReferenceName(*strip.reference, strip.values->coordToPixel(strip.reference->value), field, out);
    for (std::size_t i = 0; i < drawn.size(); ++i) {
        const CurveStyle& style = drawn[i]->style;
        if (!style.labelled) continue;
        const auto rect = placeName(field, field.tracks[i], QSizeF(textWidth(font, style.name) + theme.px(4), height), drawn[i]->namePlace);
        if (!rect) continue;
        field.taken.push_back(*rect);
        out.names.push_back({*rect, style.name, theme.color(style.role)});
    }
}

void CurvePlot::Private::writeReferenceName(Reference& reference, double y, NameField& field, CurveScene::Strip& out) {
    if (y < out.plot.top() || y > out.plot.bottom()) return;
    const Theme& theme = Theme::instance();
    const QFont font = theme.font(TextSize::axis);
    QRectF rect(0, 0, textWidth(font, reference.label) + theme.px(4), QFontMetrics(font).height());
    Extent line;
    line.include(y);
    line.middle = y;
    if (const auto place = placeName(field, CurveTrack(nameColumns + 1, line), rect.size(), reference.namePlace)) {
        rect = *place;
    } else {
        // No free place: at the right end, over what is there.
        rect.moveBottomRight(QPointF(out.plot.right() - theme.px(2), y - theme.px(2)));
        if (rect.top() < out.plot.top()) rect.moveTop(y + theme.px(2));
    }
    field.taken.push_back(rect);
    out.names.push_back({rect, reference.label, theme.color(Role::muted)});
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
