#pragma once

#include <QStringList>
#include <QWidget>
#include <vector>

#include "core/stream/circuit_graph.h"

namespace lab {

/// The tokens of an input with what two heads do at one query as arcs above them: where the later looks, and where what it reads there came
/// from. For the screen and for paper.
struct JointScene {
    /// Weights from here on are arcs.
    static constexpr double leastArc = 0.3;

    QStringList tokens;
    std::optional<JointLook> look;
    QString firstName, secondName;
    QString written;  ///< the token that the later head raises most; may be empty

    void paint(QPainter& painter, const QRectF& room) const;
    /// -1: none.
    int positionAt(const QPointF& point, const QRectF& room) const;

private:
    struct Place {
        int position = -1;  ///< -1: what is left out
        QRectF box;
    };
    std::vector<Place> places(const QRectF& room) const;
    void paintArc(QPainter& painter, const QRectF& room, int from, int to, double weight, const QString& name, bool wide) const;
};

/// A click, or Left and Right, takes another query.
class JointView : public QWidget {
    Q_OBJECT

public:
    explicit JointView(QWidget* parent = nullptr);

    void setScene(const JointScene& scene, const QString& words);
    const JointScene& scene() const { return m_scene; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void queryChosen(int query);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    JointScene m_scene;
};

}  // namespace lab
