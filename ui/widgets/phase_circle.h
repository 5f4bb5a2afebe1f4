#pragma once

#include <QString>
#include <QWidget>
#include <vector>

namespace lab {

/// One pair of channels of a query and a key as arrows in their plane, turned by their positions.
struct PhaseArrows {
    double theta = 0;  ///< radians a position
    double queryLength = 0, queryPhase = 0;
    double keyLength = 0, keyPhase = 0;
    int queryPosition = 0, keyPosition = 0;
};

/// Paints the circle of radius `radius`: dashed and hollow before the rotation, solid after it. `detailed` adds degree marks, one dot for
/// each position passed, the angle between the arrows and the names q and k.
void paintPhaseCircle(QPainter& painter, const QPointF& centre, double radius, const PhaseArrows& arrows, bool detailed);

/// Where the detailed circle's names stand: turned query and key, query and key.
std::vector<QRectF> arrowNameBoxes(const QPointF& centre, double radius, const PhaseArrows& arrows);

/// One pair large. Dragging a solid arrow turns its vector to another position; where allowed, dragging a dashed one changes the vector.
/// Up and Down move the query's position, Left and Right the key's.
class PhaseCircle : public QWidget {
    Q_OBJECT

public:
    explicit PhaseCircle(QWidget* parent = nullptr);

    void setArrows(const PhaseArrows& arrows, int lastPosition, const QString& spoken);
    const PhaseArrows& arrows() const { return m_arrows; }
    /// Whether the dashed arrows may be dragged too (free vectors).
    void setVectorsMovable(bool movable);
    /// Where an arrow's tip is, for tests.
    QPointF tip(bool ofKey, bool rotated) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void positionsMoved(int query, int key);
    void vectorMoved(bool ofKey, double length, double phase);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    enum class Grip { none, queryPosition, keyPosition, queryVector, keyVector };
    Grip gripAt(const QPointF& at) const;
    void dragTo(const QPointF& at);
    QPointF centre() const;
    double radius() const;

    PhaseArrows m_arrows;
    int m_lastPosition = 0;
    bool m_vectorsMovable = false;
    Grip m_grip = Grip::none;
    double m_gripAngle = 0;     ///< of the mouse at the last move
    double m_gripPosition = 0;  ///< exact position under the hand
    double m_gripUnit = 1;      ///< px a unit of length while a vector is dragged
};

}  // namespace lab
