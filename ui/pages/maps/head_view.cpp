#include "ui/pages/maps/head_view.h"

#include <algorithm>

#include "ui/pages/maps/detail_bar.h"
#include "ui/pages/maps/line_view.h"
#include "ui/widgets/color_scale.h"
#include "ui/widgets/named.h"
#include "ui/widgets/row_profile.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

constexpr double mapShare = 0.58;  ///< of the width, beside the lines

}  // namespace

HeadView::HeadView(QWidget* parent) : QWidget(parent) {
    m_map = named("maps.head.map", new Map(this));
    m_lines = named("maps.head.lines", new LineView(*m_map, this));
    m_lines->hide();
    m_profile = new RowProfile(this);
    m_scale = new ColorScaleBar(this);
    m_note = new ThemedLabel({}, TextSize::caption, Role::muted, false, this);
    m_note->setAlignment(Qt::AlignHCenter);
    m_note->hide();
    m_detail = new DetailBar(*m_map, this);
    m_map->setAxes(tr("query i: attends"), tr("key j: attended to"));
    connect(m_map, &Map::layoutChanged, this, &HeadView::align);
    connect(m_detail, &DetailBar::neededChanged, this, &HeadView::arrange);
    followTheme(this, &HeadView::arrange);
}

void HeadView::resizeEvent(QResizeEvent*) {
    arrange();
}

void HeadView::arrange() {
    const Theme& theme = Theme::instance();
    const int margin = theme.px(4);
    const bool map = m_show != Show::lines, lines = m_show != Show::map;
    const int whole = QWidget::width() - 2 * margin;
    const int width = map && lines ? static_cast<int>(whole * mapShare) : whole;
    const int note = m_note->isHidden() ? 0 : theme.px(18);
    const int detail = map && m_detail->needed() ? m_detail->sizeHint().height() : 0;
    for (QWidget* part : {static_cast<QWidget*>(m_map), static_cast<QWidget*>(m_profile)}) part->setVisible(map);
    m_detail->setVisible(detail > 0);
    m_lines->setVisible(lines);
    m_scale->setVisible(map);
    if (lines)
        m_lines->setGeometry(map ? margin + width : margin, margin, map ? whole - width : whole, height() - 2 * margin - (map ? 0 : note));
    const int below = m_profile->sizeHint().height() + m_scale->sizeHint().height() + note + detail + theme.px(8);
    int top = margin;
    const auto place = [&](QWidget* part, int height) {
        part->setGeometry(margin, top, width, height);
        top += height + theme.px(2);
    };
    if (!map) {
        top = height() - margin - note;
        return place(m_note, note);
    }
    m_beside = !lines && height() < 2 * margin + m_map->minimumSizeHint().height() + below && whole >= 2 * m_map->minimumSizeHint().width();
    if (m_beside) return arrangeBeside(margin, whole, height() - 2 * margin - note - detail);
    // What the map does not need stays free below, so that the row's bars stand right under their keys.
    place(m_map, qMax(m_map->minimumSizeHint().height(), qMin(height() - top - below, m_map->heightForWidth(width))));
    place(m_profile, m_profile->sizeHint().height());
    place(m_scale, m_scale->sizeHint().height());
    place(m_detail, detail);
    place(m_note, note);
    align();
}

/// Where the page is low the row stands at the right of the map, with columns of its own.
void HeadView::arrangeBeside(int margin, int whole, int high) {
    const int width = static_cast<int>(whole * mapShare), right = margin + width, room = whole - width;
    m_map->setGeometry(margin, margin, width, high);
    const int profile = m_profile->sizeHint().height(), scale = m_scale->sizeHint().height();
    const int top = margin + qMax(0, (high - profile - scale) / 2);
    m_profile->setGeometry(right, top, room, profile);
    m_scale->setGeometry(right, top + profile, room, scale);
    m_detail->setGeometry(margin, margin + high, whole, m_detail->isHidden() ? 0 : m_detail->sizeHint().height());
    m_note->setGeometry(margin, height() - margin - Theme::instance().px(18), whole, Theme::instance().px(18));
    align();
}

void HeadView::setMap(const MapData& values, const ColorScaling& scaling, const QString& quantity) {
    const bool sameShape = values.rows == m_map->data().rows && values.columns == m_map->data().columns;
    m_map->setData(values, scaling);
    m_profile->setScale(scaling.low, scaling.high);
    m_scale->setScaling(scaling);
    m_scale->setQuantity(quantity);
    if (!sameShape) arrange();
}

void HeadView::setWeights(const MapData& weights, const std::vector<QString>& queries, const std::vector<QString>& keys) {
    if (m_show != Show::map) m_lines->setWeights(weights, queries, keys);
}

void HeadView::setNote(const QString& note) {
    m_note->setText(note);
    if (m_note->isHidden() != note.isEmpty()) {
        m_note->setVisible(!note.isEmpty());
        arrange();
    }
}

void HeadView::setShow(Show show) {
    if (show == m_show) return;
    const bool focused = m_map->hasFocus() || m_lines->hasFocus();
    m_show = show;
    arrange();
    if (focused) (show == Show::lines ? static_cast<QWidget*>(m_lines) : m_map)->setFocus();
}

void HeadView::align() {
    if (m_beside) {
        const int columns = std::max(m_map->data().columns, 1), left = Theme::instance().px(20), wide = m_profile->width() - 2 * left;
        m_profile->setColumns(left, static_cast<double>(wide) / columns, left, wide);
        return m_scale->setSpan(left, wide - 1);
    }
    const QRectF map = m_map->mapRect();
    m_profile->setColumns(m_map->columnLeft(0), m_map->cellSize(), map.left(), map.width());
    m_scale->setSpan(qRound(map.left()), qRound(map.width()) - 1);
}

int HeadView::shownRow() const {
    const MapLight light = m_map->light();
    return light.axis == MapLight::Axis::row ? light.index : m_map->shownCell().row;
}

void HeadView::showRow(const QString& caption, std::optional<double> sum) {
    const MapCell cell = m_map->shownCell();
    const MapData& cells = m_map->data();
    if (!cells.contains(cell.row, cell.column)) {
        m_profile->clear();
        m_scale->setNeedle(std::nullopt);
        return;
    }
    const int shown = shownRow();
    const float* row = cells.values.get() + static_cast<std::ptrdiff_t>(shown) * cells.columns;
    m_profile->setRow({row, row + cells.columns}, shown == cell.row ? cell.column : -1, caption, sum);
    if (cells.masked(cell.row, cell.column))
        m_scale->setNeedle(std::nullopt);
    else
        m_scale->setNeedle(cells.value(cell.row, cell.column));
}

}  // namespace lab
