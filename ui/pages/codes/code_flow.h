#pragma once

#include <QWidget>

#include "ui/pages/codes/code_flow_layout.h"

namespace lab {

/// From a sequence by its code back to a sequence: each slot is a dial, or a switch, that can be taken in hand and turned. A click takes
/// one, a second one, dragging, or the wheel turns it. Left, Right, Home and End go from slot to slot, Up and Down turn (Page Up and Page
/// Down further), Escape gives the sequence's own code back.
class CodeFlow : public QWidget {
    Q_OBJECT

public:
    explicit CodeFlow(QWidget* parent = nullptr);

    void setScene(CodeFlowScene scene);
    const CodeFlowScene& scene() const { return m_scene; }
    /// The slot in hand; -1: none.
    int slot() const { return m_slot; }
    void setSlot(int slot);  ///< without a signal
    /// Where a dial stands.
    QRect dialRect(int slot) const;

    /// As high as it needs to be at its present width: never less in a narrower one.
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void slotChosen(int slot);
    /// A slot shall have this code.
    void turned(int slot, int code);
    /// The sequence's own code shall come back.
    void backWanted();

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    bool isTurnedAnywhere() const;
    bool takesKey(int key) const;
    int slotAt(const QPointF& point) const;
    void choose(int slot);
    void turnTo(int code);
    void turnBy(int codes);
    void turnTowards(const QPointF& point);
    void hover(int slot);
    void arrange();
    void describe();
    QString slotWords(int slot) const;

    CodeFlowScene m_scene;
    CodeFlowLayout m_layout;
    int m_slot = -1, m_hovered = -1;
    bool m_turning = false;  ///< the mouse holds the dial in hand
    int m_wheel = 0;         ///< eighths of a degree that are not a code yet
};

}  // namespace lab
