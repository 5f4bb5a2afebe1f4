#pragma once

#include <QWidget>
#include <vector>

#include "core/memory/pattern.h"

namespace lab {

/// The stored patterns as small pictures with their names, as many beside each other as there is room for. A click chooses one, as arrows,
/// Home and End do; Delete asks for its removal.
class PatternShelf : public QWidget {
    Q_OBJECT

public:
    explicit PatternShelf(QWidget* parent = nullptr);

    /// `overlaps`: of each with the query.
    void setPatterns(const std::vector<Pattern>& patterns, std::vector<double> overlaps, int chosen);
    int count() const { return static_cast<int>(m_patterns.size()); }
    QRect cardRect(int index) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

signals:
    void chosen(int index);
    void removalWanted();
    /// This part of it shall be seen.
    void wantsToBeSeen(const QRect& part);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool event(QEvent* event) override;

private:
    int columns(int width) const;
    int indexAt(const QPoint& place) const;
    QString words(int index) const;

    std::vector<Pattern> m_patterns;
    std::vector<double> m_overlaps;
    int m_chosen = -1;
};

}  // namespace lab
