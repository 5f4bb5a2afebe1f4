#pragma once

#include <QWidget>
#include <vector>

#include "ui/widgets/text_chip.h"

namespace lab {

class Figure;

/// A text as its tokens, in lines that break where the room ends. Arrow keys go from chip to chip, Home and End to the ends, Enter chooses;
/// a click does both. Only what is in sight is painted.
class TokenChips : public QWidget {
    Q_OBJECT

public:
    enum class Colouring { bits, byToken, off };

    explicit TokenChips(const QString& name, ChipSize size = ChipSize::page, QWidget* parent = nullptr);

    void setChips(std::vector<TextChip> chips);
    const std::vector<TextChip>& chips() const { return m_chips; }
    void setColouring(Colouring colouring);
    Colouring colouring() const { return m_colouring; }
    /// What stands in the place of no chips.
    void setHint(const QString& hint);
    /// The chip with the amber frame; -1: none.
    void setChosen(int index);
    int chosen() const { return m_chosen; }
    /// The chip under the mouse, else the one the keys are on while the person steers by the keyboard; -1: none.
    int hovered() const { return m_hovered; }
    int cursor() const { return m_cursor; }
    /// Where a chip stands; empty for none.
    QRect chipRect(int index) const;
    int chipAt(const QPoint& position) const;

    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

    /// The chips in lines of that width, px, for paper.
    static int heightOf(const std::vector<TextChip>& chips, ChipSize size, int width);
    static void paint(QPainter& painter, const std::vector<TextChip>& chips, ChipSize size, Colouring colouring, int width);

signals:
    void hoverChanged(int index);
    void chipChosen(int index);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void arrange() const;
    void hover(int index);
    void moveCursor(int index);
    int verticalNeighbour(int by) const;
    void describe();
    ChipLook lookOf(int index) const;

    ChipSize m_size;
    Colouring m_colouring = Colouring::bits;
    std::vector<TextChip> m_chips;
    mutable std::vector<QRect> m_rects;  ///< for the width m_arrangedFor
    QString m_hint;
    mutable int m_arrangedFor = -1;
    int m_hovered = -1, m_chosen = -1, m_cursor = 0;
};

}  // namespace lab
