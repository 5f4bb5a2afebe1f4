#include "ui/widgets/plot/plot_names.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/widgets/paint.h"

namespace lab {
namespace {

constexpr int endNameGap = 5, endNameLine = 14;  // logical px at 100 %

bool isFree(const NameField& field, const QRectF& rect, int from, int to) {
    if (rect.top() < field.plot.top() || rect.bottom() > field.plot.bottom()) return false;
    for (const QRectF& taken : field.taken)
        if (taken.intersects(rect)) return false;
    for (const CurveTrack& track : field.tracks)
        for (int column = from; column <= to; ++column) {
            const Extent& extent = track[std::size_t(column)];
            if (!extent.empty() && extent.high > rect.top() - field.clearance && extent.low < rect.bottom() + field.clearance) return false;
        }
    return true;
}

}  // namespace

CurveTrack trackOf(const PlotField& field, PlotValues line, std::span<const double> every) {
    constexpr std::size_t looks = 8;  // a column of a long run needs no closer look
    const auto from = [&](int column) { return line.from(field.x.at(column / double(nameColumns))); };
    CurveTrack track;
    for (int column = 0; column <= nameColumns; ++column) {
        const std::size_t begin = from(column), end = std::max(begin + 1, from(column + 1));
        const std::size_t stride = std::max<std::size_t>(1, (end - begin) / looks);
        Extent extent;
        for (std::size_t i = begin; i < std::min(end, line.x.size()); i += stride) {
            if (i == begin) extent.middle = field.yOf(line.y[i]);
            extent.include(field.yOf(line.y[i]));
            if (!every.empty()) extent.include(field.yOf(every[i]));
        }
        track.push_back(extent);
    }
    return track;
}

std::optional<QRectF> placeName(const NameField& field, const CurveTrack& track, const QSizeF& size,
                                std::optional<std::pair<int, bool>>& last, bool ratherAbove) {
    const double columnWidth = field.plot.width() / nameColumns;
    const int span = int(std::ceil(size.width() / columnWidth));
    const auto attempt = [&](int column, bool above) -> std::optional<QRectF> {
        if (column < 1 || column + span >= nameColumns) return std::nullopt;
        Extent covered;
        for (int i = column; i <= column + span; ++i) {
            if (track[std::size_t(i)].empty()) return std::nullopt;
            covered.include(track[std::size_t(i)].low);
            covered.include(track[std::size_t(i)].high);
        }
        const double gap = field.clearance + 1;
        const double top = above ? covered.low - size.height() - gap : covered.high + gap;
        const QRectF rect(QPointF(field.plot.left() + column * columnWidth, top), size);
        // Far from a steep curve a name would seem to be another one's.
        const double distance = std::abs(rect.center().y() - track[std::size_t(column + span / 2)].middle);
        if (distance > 1.8 * size.height() || !isFree(field, rect, column, column + span)) return std::nullopt;
        return rect;
    };
    if (last)
        if (const auto rect = attempt(last->first, last->second)) return rect;
    const auto found = [&](std::initializer_list<bool> sides) -> std::optional<QRectF> {
        for (int column = nameColumns - span - 1; column >= 1; --column)
            for (const bool above : sides)
                if (const auto rect = attempt(column, above)) {
                    last = {column, above};
                    return rect;
                }
        return std::nullopt;
    };
    if (ratherAbove)
        if (const auto rect = found({true})) return rect;
    if (const auto rect = found({true, false})) return rect;
    last.reset();
    return std::nullopt;
}

double endNamesRoom(const std::vector<PlotSeries>& series) {
    const Theme& theme = Theme::instance();
    double widest = 0;
    for (const PlotSeries& each : series) widest = std::max<double>(widest, textWidth(theme.font(TextSize::caption), each.name));
    return widest + 2 * theme.px(endNameGap);
}

void paintEndNames(QPainter& painter, const PlotField& field, const std::vector<PlotSeries>& series) {
    const Theme& theme = Theme::instance();
    const double line = theme.px(endNameLine);
    std::vector<std::pair<double, QString>> names;  // by the middle of their lines, the highest first
    for (const PlotSeries& each : series)
        if (!each.x.empty()) names.emplace_back(field.yOf(each.y.back()), each.name);
    std::ranges::stable_sort(names, {}, &std::pair<double, QString>::first);
    double highest = field.room.top(), lowest = field.room.bottom();
    for (auto& [middle, name] : names) {
        middle = std::max(middle, highest);
        highest = middle + line;
    }
    for (auto each = names.rbegin(); each != names.rend(); ++each) {
        each->first = std::min(each->first, lowest);
        lowest = each->first - line;
    }
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::text));
    const double left = field.room.right() + theme.px(endNameGap);
    for (const auto& [middle, name] : names)
        painter.drawText(QRectF(left, middle - line / 2, endNamesRoom(series), line), Qt::AlignLeft | Qt::AlignVCenter, name);
}

}  // namespace lab
