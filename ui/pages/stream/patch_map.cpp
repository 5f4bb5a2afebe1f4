#include "ui/pages/stream/patch_map.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QLineEdit>
#include <QScrollBar>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/problem_label.h"

namespace lab {
namespace {

constexpr int leastPatchWidth = 200, leastPatchHeight = 110, hintPatchWidth = 600, hintPatchHeight = 240;  // logical px at 100 %

}  // namespace

PatchMap::PatchMap(const QString& subject, QWidget* parent) : QAbstractScrollArea(parent), m_subject(subject) {
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setAutoFillBackground(false);
    viewport()->setMouseTracking(true);
    describe();
    whenThemed(this, &PatchMap::arrange);
}

void PatchMap::setScene(const PatchScene& scene) {
    m_scene = scene;
    arrange();
    describe();
}

void PatchMap::setEmptyText(const QString& text) {
    if (text == m_emptyText) return;
    m_emptyText = text;
    describe();
    viewport()->update();
}

void PatchMap::setChosen(MapCell cell) {
    if (cell == m_chosen) return;
    m_chosen = cell;
    reveal();
    describe();
    viewport()->update();
}

QSize PatchMap::sizeHint() const {
    return {Theme::instance().px(hintPatchWidth), Theme::instance().px(hintPatchHeight)};
}

QSize PatchMap::minimumSizeHint() const {
    return {Theme::instance().px(leastPatchWidth), Theme::instance().px(leastPatchHeight)};
}

void PatchMap::arrange() {
    m_layout = patchLayout(m_scene, QSizeF(viewport()->size()));
    const auto scroll = [](QScrollBar* bar, double whole, double room, double step) {
        bar->setRange(0, static_cast<int>(std::ceil(std::max(whole - room, 0.0))));
        bar->setPageStep(std::max(static_cast<int>(room), 1));
        bar->setSingleStep(std::max(static_cast<int>(step), 1));
    };
    scroll(horizontalScrollBar(), m_layout.cell.width() * m_scene.columns(), m_layout.room.width(), m_layout.cell.width());
    scroll(verticalScrollBar(), m_layout.cell.height() * m_scene.rows(), m_layout.room.height(), m_layout.cell.height());
    scrollContentsBy(0, 0);
}

void PatchMap::reveal() {
    if (!m_scene.contains(m_chosen)) return;
    const QRectF cell = m_layout.cellRect(m_chosen), room(QPointF(m_layout.left, m_layout.top), m_layout.room);
    const auto move = [](QScrollBar* bar, double from, double to, double least, double most) {
        if (from < least) bar->setValue(bar->value() - static_cast<int>(std::ceil(least - from)));
        if (to > most) bar->setValue(bar->value() + static_cast<int>(std::ceil(to - most)));
    };
    move(horizontalScrollBar(), cell.left(), cell.right(), room.left(), room.right());
    move(verticalScrollBar(), cell.top(), cell.bottom(), room.top(), room.bottom());
}

void PatchMap::describe() {
    describePicture(this, m_subject, m_scene.contains(m_chosen) ? m_scene.reading(m_chosen) : m_emptyText);
}

void PatchMap::choose(MapCell cell) {
    if (!m_scene.isSite(cell)) return;
    setChosen(cell);
    emit chosenByHand(cell.row, cell.column);
}

void PatchMap::editToken(int column) {
    if (!m_scene.tokens() || column < 0 || column >= m_scene.corrupted.size()) return;
    endEditing();
    m_edited = column;
    m_editor = named(QStringLiteral("stream.patching.token"), new QLineEdit(m_scene.corrupted[column].trimmed(), viewport()));
    m_editor->setAccessibleName(tr("Token %1 of the corrupted input").arg(column));
    m_editor->setGeometry(m_layout.chipRect(column, true).toRect());
    m_editor->selectAll();
    m_editor->installEventFilter(this);
    m_editor->show();
    m_editor->setFocus();
    connect(m_editor, &QLineEdit::returnPressed, this, &PatchMap::commit);
    connect(m_editor, &QLineEdit::textEdited, this, [this](const QString& text) {
        const QString wrong = m_check ? m_check(text) : QString();
        markInvalid(*m_editor, !wrong.isEmpty());
        m_editor->setToolTip(wrong);
    });
}

bool PatchMap::endEditing(bool takeFocus) {
    if (!m_editor) return false;
    m_editor->removeEventFilter(this);
    m_editor->deleteLater();
    m_editor.clear();
    if (takeFocus) setFocus();
    return true;
}

void PatchMap::commit() {
    const QString text = m_editor->text();
    const QString wrong = m_check ? m_check(text) : QString();
    if (!wrong.isEmpty()) {
        markInvalid(*m_editor, true);
        QToolTip::showText(m_editor->mapToGlobal(QPoint(0, m_editor->height())), wrong, m_editor);
        return;
    }
    const int column = m_edited;
    endEditing();
    emit tokenTyped(column, text);
}

QString PatchMap::tip(const QPointF& at) const {
    const int head = m_layout.tokenAt(m_scene, at);
    if (head < 0) {
        const MapCell cell = m_layout.cellAt(m_scene, at);
        return m_scene.isSite(cell) ? m_scene.reading(cell) : QString();
    }
    if (at.y() >= m_layout.corrupted) return tr("Click to type another token (E)");
    return at.y() < m_layout.clean ? tr("Click to read the answer at this position (P)") : m_scene.clean.value(head);
}

bool PatchMap::eventFilter(QObject* object, QEvent* event) {
    if (object != m_editor) return QAbstractScrollArea::eventFilter(object, event);
    const bool escape = event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape;
    if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        event->accept();
        return true;
    }
    if (escape || event->type() == QEvent::FocusOut) return endEditing(escape) && escape;
    return false;
}

bool PatchMap::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::Leave && m_hovered.valid()) {
        m_hovered = {};
        viewport()->update();
        emit hoverChanged();
    }
    if (event->type() != QEvent::ToolTip) return QAbstractScrollArea::viewportEvent(event);
    auto* help = static_cast<QHelpEvent*>(event);
    const QString said = tip(help->pos());
    if (said.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(help->globalPos(), said, this);
    return true;
}

void PatchMap::paintEvent(QPaintEvent*) {
    QPainter painter(viewport());
    paintPatches(painter, m_scene, m_layout, m_chosen, m_hovered);
    if (!m_scene.cells() && !m_emptyText.isEmpty())
        paintEmpty(painter, QRectF(viewport()->rect()).adjusted(0, m_layout.top, 0, 0), m_emptyText);
    if (hasFocus() && !m_scene.empty()) drawFocusRing(painter, QRectF(viewport()->rect()).adjusted(3, 3, -3, -3), 3);
}

void PatchMap::resizeEvent(QResizeEvent*) {
    arrange();
    reveal();
}

void PatchMap::scrollContentsBy(int, int) {
    m_layout.offset = QPointF(horizontalScrollBar()->value(), verticalScrollBar()->value());
    if (m_editor) m_editor->setGeometry(m_layout.chipRect(m_edited, true).toRect());
    viewport()->update();
}

void PatchMap::mouseMoveEvent(QMouseEvent* event) {
    const MapCell at = m_layout.cellAt(m_scene, event->position());
    if (at == m_hovered) return;
    m_hovered = at;
    viewport()->update();
    emit hoverChanged();
}

void PatchMap::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    const int head = m_layout.tokenAt(m_scene, event->position());
    if (head < 0) return choose(m_layout.cellAt(m_scene, event->position()));
    if (event->position().y() >= m_layout.corrupted)
        editToken(head);
    else if (event->position().y() < m_layout.clean)
        emit positionWanted(head);
}

void PatchMap::keyPressEvent(QKeyEvent* event) {
    if (m_scene.empty()) return QAbstractScrollArea::keyPressEvent(event);
    MapCell to = m_chosen.valid() ? m_chosen : MapCell{0, 0};
    switch (event->key()) {
        case Qt::Key_Left:
            --to.column;
            break;
        case Qt::Key_Right:
            ++to.column;
            break;
        case Qt::Key_Up:
            --to.row;
            break;
        case Qt::Key_Down:
            ++to.row;
            break;
        case Qt::Key_Home:
            to.column = 0;
            break;
        case Qt::Key_End:
            to.column = m_scene.columns() - 1;
            break;
        case Qt::Key_E:
        case Qt::Key_F2:
            if (!m_scene.heads) editToken(to.column);
            return;
        case Qt::Key_P:
            if (!m_scene.heads) emit positionWanted(to.column);
            return;
        default:
            return QAbstractScrollArea::keyPressEvent(event);
    }
    choose(to);
}

}  // namespace lab
