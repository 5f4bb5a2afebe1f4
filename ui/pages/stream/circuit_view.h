#pragma once

#include <QWidget>

#include "ui/pages/stream/circuit_scene.h"

namespace lab {

/// The graph of two layers' heads in the hand: a click takes a head or a line, Left and Right go along a layer, Up and Down change it, Q, K
/// and V choose through what.
class CircuitView : public QWidget {
    Q_OBJECT

public:
    explicit CircuitView(QWidget* parent = nullptr);

    void setScene(const CircuitScene& scene);
    const CircuitScene& scene() const { return m_scene; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void firstChosen(int head);
    void secondChosen(int head);
    void lineChosen(int first, int second, lab::PathEnd end);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void choose(bool upper, int head);
    QString tip(const CircuitScene::Hit& hit) const;

    CircuitScene m_scene;
    bool m_upper = true;  ///< the keys go along the later layer
};

}  // namespace lab
