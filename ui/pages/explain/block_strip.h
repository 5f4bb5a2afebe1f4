#pragma once

#include <QWidget>
#include <vector>

#include "core/explain/walk.h"

namespace lab {

/// The block from its input to the logits: where the stage in hand stands in it, forward or, in red, on the way back. A click leads to a
/// part's first stage of that direction; Left and Right to the next part.
class BlockStrip : public QWidget {
    Q_OBJECT

public:
    explicit BlockStrip(QWidget* parent = nullptr);

    void setWalk(const explain::Walk& walk);
    void setCurrent(const explain::Stage& stage);
    const std::vector<explain::BlockPart>& parts() const { return m_parts; }
    QRectF place(std::size_t part) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

signals:
    void chosen(int stage);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    int target(std::size_t part) const { return m_backward ? m_parts[part].backward : m_parts[part].forward; }
    int partAt(const QPointF& point) const;
    void move(int by);
    void describe();

    std::vector<explain::BlockPart> m_parts;
    std::string m_current;
    bool m_backward = false;
};

}  // namespace lab
