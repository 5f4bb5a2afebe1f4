#pragma once

#include <Eigen/Core>
#include <QWidget>

class QPainter;

namespace lab {

/// The columns of W as arrows in the plane that keeps them: features that share directions get into each other's way. For the screen and
/// for paper.
struct FeatureScene {
    Eigen::MatrixXd weights;  ///< [1 or 2, features]; of one dimension the arrows lie on a line

    void paint(QPainter& painter, const QRectF& room) const;
};

class FeatureArrows : public QWidget {
    Q_OBJECT

public:
    explicit FeatureArrows(QWidget* parent = nullptr);

    void setScene(const FeatureScene& scene, const QString& words);
    const FeatureScene& scene() const { return m_scene; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    FeatureScene m_scene;
};

}  // namespace lab
