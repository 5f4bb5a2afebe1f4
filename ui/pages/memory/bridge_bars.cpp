#include "ui/pages/memory/bridge_bars.h"

#include <QCoreApplication>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/color_map.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int labelWidth = 70, leastColumn = 26, widestColumn = 64;
constexpr int line = 17, cell = 22, leastBars = 40, topRoom = 6;
constexpr double toldFrom = 0.005;  ///< smaller weights are written as 0

struct BridgeBarsText {
    Q_DECLARE_TR_FUNCTIONS(BridgeBars)
};

int keysOf(const BridgeScene& scene) {
    return scene.look ? scene.look->memory.patterns.count : 0;
}

/// One row of cells below the bars.
struct CellRow {
    QString label;
    const std::vector<double>* values;
    bool biases = false;
};

std::vector<CellRow> rowsOf(const BridgeScene& scene) {
    const BridgeLook& look = *scene.look;
    std::vector<CellRow> rows;
    if (look.biasScale > 0) rows.push_back({BridgeBarsText::tr("added"), &look.memory.bias, true});
    rows.push_back({BridgeBarsText::tr("Hopfield"), &look.memory.weights});
    rows.push_back({BridgeBarsText::tr("attention"), &look.memory.attention});
    const auto update = static_cast<std::size_t>(std::clamp(scene.update, 1, static_cast<int>(look.weights.size())));
    if (update > 1) rows.push_back({BridgeBarsText::tr("update %1").arg(update), &look.weights[update - 1]});
    return rows;
}

struct Measures {
    double left, column, barTop, barBottom;
    QRectF columnRect(int key, double top, double height) const { return {left + key * column, top, column, height}; }
};

Measures measuresOf(const QRectF& room, const BridgeScene& scene) {
    const Theme& theme = Theme::instance();
    const double width = room.width() - theme.px(labelWidth) - theme.px(6);
    const double column = std::min<double>(width / std::max(1, keysOf(scene)), theme.px(widestColumn));
    const double rows = static_cast<double>(rowsOf(scene).size()) * theme.px(cell + 2);
    return {room.left() + theme.px(labelWidth), column, room.top() + theme.px(2 * line + topRoom), room.bottom() - rows - theme.px(4)};
}

void drawLabel(QPainter& painter, const QRectF& room, double top, double height, const QString& text) {
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    drawElided(painter, QRectF(room.left(), top, theme.px(labelWidth - 6), height), Qt::AlignRight, text);
}

QString weightText(double weight) {
    return weight < toldFrom ? QStringLiteral("0") : cellNumber(weight);
}

/// Of a key that is not stored. Without a clip, which files do not know.
void paintHidden(QPainter& painter, const QRectF& place) {
    const Theme& theme = Theme::instance();
    painter.fillRect(place, theme.color(Role::panel));
    drawHairline(painter, place.bottomLeft(), place.topRight(), theme.color(Role::hairline));
}

void paintHead(QPainter& painter, const QRectF& room, const BridgeScene& scene, const Measures& at) {
    const Theme& theme = Theme::instance();
    drawLabel(painter, room, room.top(), theme.px(line), BridgeBarsText::tr("key"));
    drawLabel(painter, room, room.top() + theme.px(line), theme.px(line), BridgeBarsText::tr("token"));
    const int heaviest = scene.look->heaviest.front();
    for (int key = 0; key < keysOf(scene); ++key) {
        painter.setFont(theme.font(TextSize::caption));
        painter.setPen(theme.color(Role::muted));
        drawElided(painter, at.columnRect(key, room.top(), theme.px(line)), Qt::AlignHCenter, QString::number(key));
        painter.setFont(theme.font(TextSize::axis, key == heaviest));
        painter.setPen(theme.color(Role::text));
        drawElided(painter, at.columnRect(key, room.top() + theme.px(line), theme.px(line)), Qt::AlignHCenter, scene.tokens.value(key));
    }
}

void paintBars(QPainter& painter, const QRectF& room, const BridgeScene& scene, const Measures& at) {
    const Theme& theme = Theme::instance();
    const double height = at.barBottom - at.barTop, right = at.left + at.column * keysOf(scene);
    for (const double value : {1.0, 0.0}) {
        const double y = at.barBottom - value * height;
        drawHairline(painter, QPointF(at.left, y), QPointF(right, y), theme.color(value > 0 ? Role::grid : Role::controlBorder));
        drawLabel(painter, room, y - theme.px(line) / 2.0, theme.px(line), QString::number(value));
    }
    const AttentionMemory& memory = scene.look->memory;
    const double gap = at.column >= 12 ? std::round(at.column * 0.14) : 1.0;
    for (int key = 0; key < keysOf(scene); ++key) {
        const auto index = static_cast<std::size_t>(key);
        const QRectF column = at.columnRect(key, at.barTop, height).adjusted(gap, 0, -gap, 0);
        if (memory.hidden[index]) {
            paintHidden(painter, column);
            continue;
        }
        QRectF bar = column;
        bar.setTop(at.barBottom - std::max(1.0, height * memory.weights[index]));
        painter.fillRect(bar, theme.color(Role::series1));
    }
}

void paintCells(QPainter& painter, const QRectF& room, const BridgeScene& scene, const Measures& at) {
    const Theme& theme = Theme::instance();
    const BridgeLook& look = *scene.look;
    const ColorScaling weights, biases{ColorMap::Kind::balance, -look.biasScale, look.biasScale};
    double top = at.barBottom + theme.px(4);
    for (const CellRow& row : rowsOf(scene)) {
        drawLabel(painter, room, top, theme.px(cell), row.label);
        for (int key = 0; key < keysOf(scene); ++key) {
            const auto index = static_cast<std::size_t>(key);
            const QRectF place = at.columnRect(key, top, theme.px(cell)).adjusted(0, 0, -1, 0);
            if (look.memory.hidden[index]) {
                paintHidden(painter, place);
                continue;
            }
            const double value = (*row.values)[index];
            const QRgb ground = (row.biases ? biases : weights).color(value);
            painter.fillRect(place, QColor::fromRgb(ground));
            painter.setFont(theme.font(TextSize::caption));
            painter.setPen(ColorMap::ink(ground));
            const QString text = row.biases ? cellNumber(value, 1) : weightText(value);
            if (textAdvance(painter.font(), text) <= place.width()) painter.drawText(place, Qt::AlignCenter, text);
        }
        top += theme.px(cell + 2);
    }
}

}  // namespace

bool addsToScores(const BridgeLook& look) {
    return look.biasScale > 0 || look.memory.storedCount < look.memory.patterns.count;
}

BridgeBars::BridgeBars(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    FocusRing::exempt(this);
    describe();
}

int BridgeBars::keys() const {
    return keysOf(m_scene);
}

void BridgeBars::setScene(BridgeScene scene) {
    m_scene = std::move(scene);
    m_cursor = std::clamp(m_cursor, 0, std::max(0, keys() - 1));
    describe();
    updateGeometry();
    update();
}

double BridgeBars::widthOf(int keys) {
    const Theme& theme = Theme::instance();
    return theme.px(labelWidth + 6) + static_cast<double>(theme.px(leastColumn)) * keys;
}

QSize BridgeBars::sizeHint() const {
    const Theme& theme = Theme::instance();
    return {std::max(theme.px(420), static_cast<int>(widthOf(keys()))), theme.px(2 * line + topRoom + 90 + 4 * (cell + 2))};
}

QSize BridgeBars::minimumSizeHint() const {
    const int rows = m_scene.look ? static_cast<int>(rowsOf(m_scene).size()) : 2;
    return {static_cast<int>(widthOf(keys())), Theme::instance().px(2 * line + topRoom + leastBars + 4 + rows * (cell + 2))};
}

QRectF BridgeBars::keyRect(int key) const {
    const Measures at = measuresOf(rect(), m_scene);
    return at.columnRect(key, 0, height());
}

void BridgeBars::paint(QPainter& painter, const QRectF& room, const BridgeScene& scene) {
    const Measures at = measuresOf(room, scene);
    paintHead(painter, room, scene, at);
    paintBars(painter, room, scene, at);
    paintCells(painter, room, scene, at);
}

void BridgeBars::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), Theme::instance().color(Role::screen));
    if (!m_scene.look) return paintEmpty(painter, rect(), tr("There are no weights yet."));
    paint(painter, rect(), m_scene);
    if (hasFocus() && FocusRing::byKeyboard()) drawFocusRing(painter, keyRect(m_cursor).adjusted(2, 2, -2, -2), 2);
}

QString BridgeBars::words(int key) const {
    const auto index = static_cast<std::size_t>(key);
    const AttentionMemory& memory = m_scene.look->memory;
    const QString name = tr("key %1 “%2”").arg(QString::number(key), m_scene.tokens.value(key));
    if (memory.hidden[index]) return tr("%1: hidden from this query, so not stored for it").arg(name);
    const QString network = fixed(memory.weights[index], 4), attention = fixed(memory.attention[index], 4);
    if (m_scene.look->biasScale == 0) return tr("%1: one Hopfield update %2, attention %3").arg(name, network, attention);
    return tr("%1: one Hopfield update %2, attention %3, added to its score %4")
        .arg(name, network, attention, fixed(memory.bias[index], 3));
}

void BridgeBars::describe() {
    QString value;
    if (m_scene.look) value = tr("%1 keys; %2").arg(keys()).arg(words(m_cursor));
    describePicture(this, tr("Weights of one update and of attention"), value);
}

void BridgeBars::setCursorKey(int key) {
    m_cursor = std::clamp(key, 0, std::max(0, keys() - 1));
    describe();
    update();
    emit wantsToBeSeen(keyRect(m_cursor).toRect());
}

void BridgeBars::mousePressEvent(QMouseEvent* event) {
    for (int key = 0; key < keys(); ++key)
        if (keyRect(key).contains(event->position())) return setCursorKey(key);
}

void BridgeBars::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Left:
            return setCursorKey(m_cursor - 1);
        case Qt::Key_Right:
            return setCursorKey(m_cursor + 1);
        case Qt::Key_Home:
            return setCursorKey(0);
        case Qt::Key_End:
            return setCursorKey(keys() - 1);
        default:
            return QWidget::keyPressEvent(event);
    }
}

bool BridgeBars::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip || !m_scene.look) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    QString text = addsToScores(*m_scene.look)
                       ? tr("softmax(β Xᵀξ + b) over the keys, b: what is added to the scores (−∞ where hidden): weights of one update of "
                            "the continuous Hopfield network, and the weights that the head itself computed")
                       : tr("softmax(β Xᵀξ) over the keys: weights of one update of the continuous Hopfield network, and the weights that "
                            "the head itself computed");
    for (int key = 0; key < keys(); ++key)
        if (keyRect(key).contains(help->pos())) text = words(key);
    QToolTip::showText(help->globalPos(), text, this);
    return true;
}

}  // namespace lab
