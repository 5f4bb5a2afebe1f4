#include "ui/widgets/series_pen.h"

namespace lab {
namespace {

/// Lengths of dashes and gaps in logical px at 100 %; empty = solid.
QList<qreal> dashOf(Role role) {
    switch (role) {
        case Role::series2:
            return {7, 3};
        case Role::series3:
            return {7, 3, 1.5, 3};
        case Role::series4:
            return {2, 2.5};
        case Role::text:
            return {12, 4};
        default:
            return {};
    }
}

}  // namespace

QPen seriesPen(Role role, double width) {
    const Theme& theme = Theme::instance();
    QPen pen(theme.color(role), width * theme.scale());
    pen.setCapStyle(Qt::FlatCap);
    pen.setJoinStyle(Qt::BevelJoin);
    QList<qreal> dashes = dashOf(role);
    if (!dashes.isEmpty()) {
        for (qreal& length : dashes) length /= width;  // Qt counts dashes in pen widths
        pen.setDashPattern(dashes);
    }
    return pen;
}

}  // namespace lab
