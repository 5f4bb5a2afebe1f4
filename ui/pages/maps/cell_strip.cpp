#include "ui/pages/maps/cell_strip.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/color_map.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int stripHeading = 20, stripTokens = 16, stripLabel = 84, stripMargin = 8, widestStripCell = 40, leastForText = 12;
constexpr int tallStripRow = 26, closeStripRow = 18;
constexpr std::size_t fewStripRows = 2;  // more stand close to one another
constexpr int stripSwatch = 10, stripSwatchGap = 4, leastSwatchText = 20, stripLegendGap = 20;
constexpr double stripFigureWidth = 720;

using StripRows = std::vector<StripRow>;

const StripRow& stripRow(const StripRows& rows, int index) {
    return rows[static_cast<std::size_t>(index)];
}

int longestStripRow(const StripRows& rows) {
    int longest = 1;
    for (const StripRow& each : rows) longest = std::max(longest, each.length);
    return longest;
}

/// Tokens stand below the last row that has them: an encoder's and a decoder's are others.
bool endsStripTokens(const StripRows& rows, std::size_t index) {
    return index + 1 == rows.size() || rows[index].tokens != rows[index + 1].tokens;
}

int stripRowHeight(const StripRows& rows) {
    return Theme::instance().px(rows.size() > fewStripRows ? closeStripRow : tallStripRow);
}

/// Of a row, counted from the strip's upper edge; of the row behind the last the end of all.
double topOfStripRow(const StripRows& rows, std::size_t index) {
    const Theme& theme = Theme::instance();
    double top = theme.px(stripHeading);
    for (std::size_t r = 0; r < index; ++r) top += stripRowHeight(rows) + (endsStripTokens(rows, r) ? theme.px(stripTokens) : 0);
    return top;
}

QRectF stripCell(const QRectF& room, const StripRows& rows, int index, int token) {
    const Theme& theme = Theme::instance();
    const double left = room.left() + theme.px(stripMargin + stripLabel);
    const double width = std::min<double>(theme.px(widestStripCell), (room.right() - theme.px(stripMargin) - left) / longestStripRow(rows));
    const double top = room.top() + topOfStripRow(rows, static_cast<std::size_t>(index));
    return {left + token * width, top, width, static_cast<double>(stripRowHeight(rows))};
}

void paintStripTokens(QPainter& painter, const QRectF& room, const StripRows& rows, int index) {
    const Theme& theme = Theme::instance();
    const StripRow& own = stripRow(rows, index);
    const std::size_t shown = std::min(own.tokens.size(), static_cast<std::size_t>(own.length));
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    for (std::size_t t = 0; t < shown; ++t) {
        const QRectF cell = stripCell(room, rows, index, static_cast<int>(t));
        if (cell.width() < theme.px(leastForText)) return;
        drawElided(painter, QRectF(cell.left(), cell.bottom(), cell.width() - 1, theme.px(stripTokens)), Qt::AlignHCenter, own.tokens[t]);
    }
}

/// The words, and behind them the colours where they fit.
void paintStripHeading(QPainter& painter, const QRectF& room, const StripPicture& picture) {
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::caption));
    const double left = room.left() + theme.px(stripMargin), right = room.right() - theme.px(stripMargin);
    const double height = theme.px(stripHeading);
    const std::vector<StripSwatch> legend = picture.legend();
    int widest = theme.px(leastSwatchText);
    for (const StripSwatch& each : legend) widest = std::max(widest, textWidth(painter.font(), each.text) + theme.px(2 * stripSwatchGap));
    const int pitch = theme.px(stripSwatch + stripSwatchGap) + widest;
    const double words = textWidth(painter.font(), picture.heading()) + theme.px(stripLegendGap);
    const double start = std::min(left + words, right - static_cast<double>(legend.size()) * pitch);
    painter.setPen(theme.color(Role::muted));
    const double end = legend.empty() || start < left ? right : start;
    drawElided(painter, QRectF(left, room.top(), std::max(0.0, end - left), height), Qt::AlignLeft, picture.heading());
    if (start < left) return;
    for (std::size_t i = 0; i < legend.size(); ++i) {
        const double x = start + static_cast<double>(i) * pitch, side = theme.px(stripSwatch);
        painter.fillRect(QRectF(x, room.top() + (height - side) / 2, side, side), legend[i].color);
        painter.setPen(theme.color(Role::muted));
        painter.drawText(QRectF(x + side + theme.px(stripSwatchGap), room.top(), widest, height), Qt::AlignLeft | Qt::AlignVCenter,
                         legend[i].text);
    }
}

}  // namespace

QColor stripColor(int kind, int kinds) {
    static constexpr Role few[] = {Role::series1, Role::series2, Role::series3, Role::series4, Role::series5};
    if (kinds <= static_cast<int>(std::size(few))) return Theme::instance().color(few[kind]);
    return QColor::fromHslF(static_cast<float>(kind) / static_cast<float>(kinds), 0.55F, Theme::instance().dark() ? 0.6F : 0.5F);
}

void paintStripCell(QPainter& painter, const QRectF& cell, const QColor& color, const QString& text) {
    painter.fillRect(cell, color);
    if (cell.width() < Theme::instance().px(leastForText)) return;
    painter.setFont(Theme::instance().font(TextSize::caption));
    painter.setPen(ColorMap::ink(color.rgb()));
    painter.drawText(cell, Qt::AlignCenter, text);
}

QString stripPlace(const QString& label, const std::vector<QString>& tokens, int token) {
    const bool named = static_cast<std::size_t>(token) < tokens.size();
    const QString place =
        named ? CellStrip::tr("token %1 \u201C%2\u201D").arg(QString::number(token), tokens[static_cast<std::size_t>(token)])
              : CellStrip::tr("token %1").arg(token);
    return label.isEmpty() ? place : label + QStringLiteral(", ") + place;
}

double StripPicture::height() const {
    return topOfStripRow(rows, rows.size()) + Theme::instance().px(stripMargin);
}

void StripPicture::paint(QPainter& painter, const QRectF& room, double corner) const {
    if (rows.empty()) return;
    const Theme& theme = Theme::instance();
    paintStripHeading(painter, room.adjusted(0, 0, -corner, 0), *this);
    for (int r = 0; r < static_cast<int>(rows.size()); ++r) {
        const QRectF first = stripCell(room, rows, r, 0);
        painter.setFont(theme.font(TextSize::axis));
        painter.setPen(theme.color(Role::text));
        drawElided(painter, QRectF(room.left() + theme.px(stripMargin), first.top(), theme.px(stripLabel - 6), first.height()),
                   Qt::AlignLeft, stripRow(rows, r).label);
        for (int t = 0; t < stripRow(rows, r).length; ++t) {
            const QRectF place = stripCell(room, rows, r, t);
            paintCell(painter, place.adjusted(0, 1, place.width() > 4 ? -1 : 0, -1), r, t);
        }
        if (endsStripTokens(rows, static_cast<std::size_t>(r))) paintStripTokens(painter, room, rows, r);
    }
}

void addStripFigure(std::vector<FigureOffer>& offers, const StripPicture& picture, const FigureTable& numbers, const QString& fileName,
                    const FigureSubject& subject) {
    FigureOffer offer;
    offer.name = picture.name;
    offer.fileName = figureFile(subject, fileName);
    offer.make = [=] {
        auto figure = std::make_unique<PartsFigure>();
        figure->title = picture.name;
        figure->caption = subjectCaption(subject, picture.name);
        figure->body = {stripFigureWidth, picture.height()};
        figure->numbers = numbers;
        PartsFigure::Part part;
        part.place = QRectF(QPointF(0, 0), figure->body);
        part.paint = [picture](QPainter& painter, const QSizeF& size) { picture.paint(painter, QRectF(QPointF(0, 0), size)); };
        figure->parts.push_back(std::move(part));
        return figure;
    };
    offers.push_back(std::move(offer));
}

CellStrip::CellStrip(const QString& name, QWidget* parent) : QWidget(parent) {
    m_picture.name = name;
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    hide();
    describe();
}

void CellStrip::setPicture(StripPicture picture) {
    m_picture = std::move(picture);
    m_row = std::clamp(m_row, 0, std::max(0, static_cast<int>(m_picture.rows.size()) - 1));
    m_token = empty() ? 0 : std::clamp(m_token, 0, std::max(0, stripRow(m_picture.rows, m_row).length - 1));
    describe();
    if (empty()) hide();
    updateGeometry();
    update();
}

void CellStrip::setCorner(QWidget* corner) {
    m_corner = corner;
    corner->setParent(this);
    corner->show();
    whenThemed(this, [this] { placeCorner(); });
}

void CellStrip::placeCorner() {
    if (!m_corner) return;
    const QSize size = m_corner->sizeHint();
    m_corner->setGeometry(width() - size.width() - Theme::instance().px(stripMargin), 0, size.width(), Theme::instance().px(stripHeading));
}

void CellStrip::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    placeCorner();
}

QRectF CellStrip::cellRect(int row, int token) const {
    return stripCell(rect(), m_picture.rows, row, token);
}

QSize CellStrip::sizeHint() const {
    return {Theme::instance().px(320), static_cast<int>(m_picture.height())};
}

QPoint CellStrip::cellAt(const QPointF& position) const {
    for (int r = 0; r < static_cast<int>(m_picture.rows.size()); ++r)
        for (int t = 0; t < stripRow(m_picture.rows, r).length; ++t)
            if (cellRect(r, t).contains(position)) return {t, r};
    return {-1, -1};
}

bool CellStrip::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const QPoint cell = cellAt(help->pos());
    if (cell.x() >= 0)
        QToolTip::showText(help->globalPos(), sentence(cell.y(), cell.x()), this);
    else
        QToolTip::hideText();
    return true;
}

void CellStrip::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    m_picture.paint(painter, rect(), m_corner ? m_corner->width() : 0);
    if (hasFocus() && !empty()) drawFocusRing(painter, cellRect(m_row, m_token).adjusted(1, 1, -1, -1), 2);
}

void CellStrip::mousePressEvent(QMouseEvent* event) {
    const QPoint cell = cellAt(event->position());
    if (event->button() == Qt::LeftButton && cell.x() >= 0) choose(cell.y(), cell.x());
}

void CellStrip::keyPressEvent(QKeyEvent* event) {
    const int key = event->key();
    const int across = key == Qt::Key_Right ? 1 : key == Qt::Key_Left ? -1 : 0, down = key == Qt::Key_Down ? 1 : key == Qt::Key_Up ? -1 : 0;
    if (empty() || (across == 0 && down == 0)) return QWidget::keyPressEvent(event);
    choose(m_row + down, m_token + across);
}

void CellStrip::choose(int row, int token) {
    m_row = std::clamp(row, 0, static_cast<int>(m_picture.rows.size()) - 1);
    m_token = std::clamp(token, 0, std::max(0, stripRow(m_picture.rows, m_row).length - 1));
    describe();
    update();
}

void CellStrip::describe() {
    describePicture(this, m_picture.name, empty() ? QString() : m_picture.story(m_row, m_token));
}

}  // namespace lab
