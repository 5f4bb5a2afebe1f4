#include "ui/pages/stream/patch_map.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QToolTip>
#include <algorithm>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/named.h"
#include "ui/widgets/problem_label.h"

namespace lab {
namespace {

constexpr int leastPatchWidth = 200, leastPatchHeight = 110, hintPatchWidth = 600, hintPatchHeight = 240;  // logical px at 100 %

}  // namespace

PatchMap::PatchMap(const QString& subject, QWidget* parent) : CellMap(parent), m_subject(subject) {
    describe();
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

QSize PatchMap::sizeHint() const {
    return {Theme::instance().px(hintPatchWidth), Theme::instance().px(hintPatchHeight)};
}

QSize PatchMap::minimumSizeHint() const {
    return {Theme::instance().px(leastPatchWidth), Theme::instance().px(leastPatchHeight)};
}

CellLayout& PatchMap::layOut(const QSizeF& room) {
    m_layout = patchLayout(m_scene, room);
    return m_layout;
}

void PatchMap::describe() {
    describePicture(this, m_subject, m_scene.contains(chosen()) ? m_scene.reading(chosen()) : m_emptyText);
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

QString PatchMap::tipAt(const QPointF& at) const {
    const int head = m_layout.tokenAt(m_scene, at);
    if (head < 0) {
        const MapCell cell = m_layout.cellAt(at);
        return m_scene.isSite(cell) ? m_scene.reading(cell) : QString();
    }
    if (at.y() >= m_layout.corrupted) return tr("Click to type another token (E)");
    return at.y() < m_layout.clean ? tr("Click to read the answer at this position (P)") : m_scene.clean.value(head);
}

bool PatchMap::eventFilter(QObject* object, QEvent* event) {
    if (object != m_editor) return CellMap::eventFilter(object, event);
    const bool escape = event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape;
    if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        event->accept();
        return true;
    }
    if (escape || event->type() == QEvent::FocusOut) return endEditing(escape) && escape;
    return false;
}

void PatchMap::paintAll(QPainter& painter) {
    paintPatches(painter, m_scene, m_layout, chosen(), hovered());
    if (!m_scene.cells() && !m_emptyText.isEmpty())
        paintEmpty(painter, QRectF(viewport()->rect()).adjusted(0, m_layout.top, 0, 0), m_emptyText);
}

void PatchMap::scrolled() {
    if (m_editor) m_editor->setGeometry(m_layout.chipRect(m_edited, true).toRect());
}

void PatchMap::pressBeside(const QPointF& at) {
    const int token = m_layout.tokenAt(m_scene, at);
    if (token < 0) return;
    if (at.y() >= m_layout.corrupted)
        editToken(token);
    else if (at.y() < m_layout.clean)
        emit positionWanted(token);
}

bool PatchMap::takeKey(int key) {
    const int column = std::max(chosen().column, 0);
    if (m_scene.heads) return false;
    if (key == Qt::Key_E || key == Qt::Key_F2)
        editToken(column);
    else if (key == Qt::Key_P)
        emit positionWanted(column);
    else
        return false;
    return true;
}

}  // namespace lab
