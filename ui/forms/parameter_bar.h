#pragma once

#include <QString>
#include <QWidget>
#include <optional>
#include <vector>

#include "core/model/parameter_groups.h"

namespace lab {

/// How many parameters the draft's model has and where they are: number, bar of shares, captions.
class ParameterBar : public QWidget {
    Q_OBJECT

public:
    explicit ParameterBar(QWidget* parent = nullptr);

    /// Nothing while the draft cannot be built or its vocabulary is not known: the last numbers then stay, faded.
    /// `active`: those that one token goes through, where they are not all.
    void setGroups(const std::optional<ParameterGroups>& groups, std::size_t active = 0);
    /// Those shown, of this draft or, when isStale(), of an earlier one.
    const std::optional<ParameterGroups>& groups() const { return m_groups; }
    bool isStale() const { return m_stale; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    struct Share {
        QString name;
        QString caption;  ///< under the bar; empty for the small ones, which the tool tip names
        std::size_t count = 0;
        int shade = 0;
    };
    std::vector<Share> shares() const;
    QString describe() const;
    void paintBar(QPainter& painter, const QRectF& bar) const;
    void paintCaptions(QPainter& painter, const QRectF& line) const;

    std::optional<ParameterGroups> m_groups;
    std::size_t m_active = 0;
    bool m_stale = false;
};

}  // namespace lab
