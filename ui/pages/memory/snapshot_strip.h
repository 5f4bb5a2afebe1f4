#pragma once

#include <QWidget>
#include <functional>
#include <vector>

#include "ui/pages/memory/recall_study.h"

namespace lab {

/// States of a recall, each above its place on the axis of updates, with how many pixels are still wrong. Those that are not shown yet are
/// empty frames. A click shows the state's update.
class SnapshotStrip : public QWidget {
    Q_OBJECT

public:
    using PlaceOf = std::function<double(double update)>;  ///< x on a width

    explicit SnapshotStrip(QWidget* parent = nullptr);

    /// `placeOf`: x of an update, in this widget. Null: nothing is stored.
    void setStudy(RecallStudyPtr study, int shown, PlaceOf placeOf);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

    /// Draws it into `room`, whose axis `placeOf` knows.
    static void paint(QPainter& painter, const QRectF& room, const RecallStudy& study, int shown, const PlaceOf& placeOf);
    /// The updates of which a picture fits above the axis.
    static std::vector<int> moments(const RecallStudy& study, const PlaceOf& placeOf, double height);

signals:
    void updateChosen(int update);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    RecallStudyPtr m_study;
    PlaceOf m_placeOf;
    int m_shown = 0;
};

}  // namespace lab
