#pragma once

#include <QtTest>

#include "tests/core/runs/small_task.h"
#include "ui/runs/workspace.h"
