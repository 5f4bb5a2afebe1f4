#pragma once

#include <vector>

#include "ui/pages/page.h"

namespace lab {

/// All pages in the rail's order: a new page is one line in page_table.cpp.
std::vector<Page*> makePages(Focus& focus, QWidget* parent);

}  // namespace lab
